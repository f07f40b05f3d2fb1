package server

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
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
	}
	m.registry.MustRegister(m.requests, m.latency, m.changes, m.pulled, m.resets, m.openPolls, m.signIns,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, status := range []string{"applied", "conflict", "rejected"} {
		m.changes.WithLabelValues(status) // a counter that is there from the start can be compared with later
	}
	return m
}
