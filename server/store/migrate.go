package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// Each file is NNNN_what.sql; one that was released is never edited. MySQL ends a transaction at each CREATE or ALTER, so there a
// migration must be able to begin again after it broke off.
//
//go:embed migrations
var migrations embed.FS

type migration struct {
	version int
	name    string
}

func (s *Store) migrations() []migration {
	entries, err := fs.ReadDir(migrations, "migrations/"+s.backend.name())
	if err != nil {
		panic("store: migrations are not embedded: " + err.Error())
	}
	var out []migration
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			panic("store: migration without a number: " + e.Name())
		}
		out = append(out, migration{version, e.Name()})
	}
	return out // ReadDir sorts by name
}

func (s *Store) newestMigration() int {
	all := s.migrations()
	return all[len(all)-1].version
}

func (s *Store) schemaVersion(ctx context.Context, db bun.IDB) (int, error) {
	var v sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT MAX(version) FROM schema_migrations").Scan(&v)
	return int(v.Int64), err
}

func (s *Store) migrate(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	unlock, err := s.backend.lockMigrations(ctx, conn)
	if err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	defer unlock()
	const table = "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)"
	if _, err := conn.ExecContext(ctx, table); err != nil {
		return explainSQLite(err)
	}
	for _, m := range s.migrations() {
		if err := s.apply(ctx, conn, m); err != nil {
			return fmt.Errorf("apply %s: %w", m.name, err)
		}
	}
	v, err := s.schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	if v > s.newestMigration() {
		return fmt.Errorf("%w (schema %d, known here %d)", ErrNewerDatabase, v, s.newestMigration())
	}
	return s.initEpoch(ctx, conn)
}

func (s *Store) apply(ctx context.Context, conn bun.Conn, m migration) error {
	return conn.RunInTx(ctx, s.backend.txOptions(), func(ctx context.Context, tx bun.Tx) error {
		v, err := s.schemaVersion(ctx, tx)
		if err != nil || v >= m.version {
			return err
		}
		text, err := migrations.ReadFile("migrations/" + s.backend.name() + "/" + m.name)
		if err != nil {
			return err
		}
		for statement := range strings.SplitSeq(string(text), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)", m.version, s.nowMicro())
		return err
	})
}
