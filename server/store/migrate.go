package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
)

// Each file is NNNN_what.sql; one that was released is never edited. MySQL ends a transaction at each CREATE or ALTER, so there a
// migration must be able to begin again after it broke off.
//
// A migration expands: programs that know only older ones go on with what it leaves. One that contracts (takes away what older
// programs use) begins with a line "-- needs: NNNN", the newest migration that a program must know to go on.
//
//go:embed migrations
var embedded embed.FS

var needsLine = regexp.MustCompile(`^-- needs: ([0-9]+)\n`)

type migration struct {
	version, needs int
	name, text     string
}

// migrations are the files for one database, in order.
func migrations(files fs.FS, database string) []migration {
	dir := "migrations/" + database
	entries, err := fs.ReadDir(files, dir)
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
		text, err := fs.ReadFile(files, dir+"/"+e.Name())
		if err != nil {
			panic("store: migrations are not embedded: " + err.Error())
		}
		m := migration{version: version, needs: 1, name: e.Name(), text: string(text)}
		if line := needsLine.FindStringSubmatch(m.text); line != nil {
			m.needs, _ = strconv.Atoi(line[1])
		}
		out = append(out, m)
	}
	return out // ReadDir sorts by name
}

func (s *Store) newestMigration() int { return s.migrations[len(s.migrations)-1].version }

// metaNeeds is the newest migration that a program must know to use the database.
const metaNeeds = "needs"

// compatible refuses a schema that this program can't work with. A newer one that only added to what this program knows will do: so
// older nodes go on, and may start again, while newer ones take over.
func (s *Store) compatible(ctx context.Context, db bun.IDB) error {
	have, err := s.schemaVersion(ctx, db)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	known := s.newestMigration()
	if have < known {
		return fmt.Errorf("the schema is at version %d, this program needs %d", have, known)
	}
	if have == known {
		return nil
	}
	var needs string
	err = db.NewSelect().TableExpr("meta").Column("value").Where("name = ?", metaNeeds).Scan(ctx, &needs)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nothing was ever taken away
	}
	if err != nil {
		return fmt.Errorf("read what the schema needs: %w", err)
	}
	if n, err := strconv.Atoi(needs); err != nil || n > known {
		return fmt.Errorf("%w (schema %d, which needs a program that knows %s; this one knows %d)", ErrNewerDatabase, have, needs, known)
	}
	return nil
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
		if _, errV := s.schemaVersion(ctx, conn); errV != nil { // else another was first, which PostgreSQL calls an error
			return explainSQLite(err)
		}
	}
	for _, m := range s.migrations {
		if err := s.apply(ctx, conn, m); err != nil {
			// Where there is no lock to keep others from doing the same, one of them is first.
			if v, errV := s.schemaVersion(ctx, conn); errV == nil && v >= m.version {
				continue
			}
			return fmt.Errorf("apply %s: %w", m.name, err)
		}
	}
	if err := s.compatible(ctx, conn); err != nil {
		return err
	}
	return s.initEpoch(ctx, conn)
}

func (s *Store) apply(ctx context.Context, conn bun.Conn, m migration) error {
	return conn.RunInTx(ctx, s.backend.txOptions(), func(ctx context.Context, tx bun.Tx) error {
		v, err := s.schemaVersion(ctx, tx)
		if err != nil || v >= m.version {
			return err
		}
		for statement := range strings.SplitSeq(m.text, ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		if m.needs > 1 {
			if _, err := tx.ExecContext(ctx, "DELETE FROM meta WHERE name = ?", metaNeeds); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES (?, ?)", metaNeeds, strconv.Itoa(m.needs)); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO schema_migrations (version, applied_at) VALUES (?, ?)", m.version, s.nowMicro())
		return err
	})
}
