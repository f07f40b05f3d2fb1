package server

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"kith/server/store"
)

// metrics answer "is sync healthy". Each server has a registry of its own, so that tests can run several.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	latency   *prometheus.HistogramVec
	changes   *prometheus.CounterVec // pushed, by what became of them
	pulled    prometheus.Counter
	resets    *prometheus.CounterVec
	openPolls prometheus.Gauge
	signIns   *prometheus.CounterVec
	codes     *prometheus.CounterVec
	hashes    prometheus.Histogram
	passes    prometheus.Counter
	polls     *prometheus.CounterVec
	asked     *prometheus.HistogramVec // of the database
	failed    *prometheus.CounterVec
	conns     prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "kith_request_seconds", Help: "Time to answer, long polls left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
		changes:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_pushed_changes_total", Help: "Pushed changes by what became of them: applied, conflict, rejected."}, []string{"status"}),
		pulled:    prometheus.NewCounter(prometheus.CounterOpts{Name: "kith_pulled_changes_total", Help: "Changes sent to devices."}),
		resets:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_cursor_resets_total", Help: "Cursors that were refused, so that a device compares everything."}, []string{"code"}),
		openPolls: prometheus.NewGauge(prometheus.GaugeOpts{Name: "kith_open_polls", Help: "Long polls that wait now."}),
		signIns:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_sign_ins_total", Help: "Sign-ins by outcome: ok, refused, limited."}, []string{"outcome"}),
		codes:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_invitations_total", Help: "Invitations by what became of them: made, accepted; and codes that were refused, limited."}, []string{"outcome"}),
		hashes: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "kith_password_hash_seconds", Help: "Time for one password hash, the wait for a place included.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}),
		passes: prometheus.NewCounter(prometheus.CounterOpts{Name: "kith_passes_total", Help: "Pulls that left a device with everything there was."}),
		polls:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_polls_total", Help: "Ended long polls, by why: change, timeout, stop, gone, refused."}, []string{"end"}),
		asked: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "kith_database_seconds", Help: "Time for one statement, by its kind.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}}, []string{"statement"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "kith_database_errors_total", Help: "Statements that failed, those that were tried again among them."}, []string{"statement"}),
		conns:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "kith_open_connections", Help: "Connections of clients."}),
	}
	m.registry.MustRegister(m.requests, m.latency, m.changes, m.pulled, m.resets, m.openPolls, m.signIns, m.codes, m.hashes, m.passes, m.polls, m.asked, m.failed, m.conns,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, status := range []string{"applied", "conflict", "rejected"} {
		m.changes.WithLabelValues(status) // a counter that is there from the start can be compared with later
	}
	for _, end := range []string{pollChange, pollTimeout, pollStop, pollGone, pollRefused} {
		m.polls.WithLabelValues(end)
	}
	return m
}

// Why a long poll ended.
const (
	pollChange  = "change"
	pollTimeout = "timeout"
	pollStop    = "stop"
	pollGone    = "gone"    // the client hung up
	pollRefused = "refused" // signed out, revoked, no longer a member, or in another role
)

// watch counts what the server's database is asked.
func (m *metrics) watch(s *store.Store) {
	for name, pool := range s.Pools() {
		m.registry.MustRegister(collectors.NewDBStatsCollector(pool, name))
	}
	s.Observe(func(st store.Statement) {
		m.asked.WithLabelValues(st.Operation).Observe(st.Took.Seconds())
		if st.Err != nil {
			m.failed.WithLabelValues(st.Operation).Inc()
		}
	})
}
