package data

import (
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write schema.sql anew from the migrations")

const schemaHeader = `-- What the migrations lead to, in one piece: a new file begins with it. Written by go test ./data -run TestSchema -update.

`

// A new file has the schema, and the first rows, of one that came all the way through the migrations, from whichever version.
func TestSchema(t *testing.T) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	want := schemaHeader + migrated(t, names, 1)
	if *update {
		if err := os.WriteFile("schema.sql", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if schema != want {
		t.Fatal("schema.sql is not what the migrations lead to: go test ./data -run TestSchema -update")
	}
	if got := schemaHeader + migrated(t, names, 0); got != want {
		t.Errorf("a new file begins with\n%s", got)
	}
	for begin := 2; begin <= len(names); begin++ {
		if got := schemaHeader + migrated(t, names, begin); got != want {
			t.Errorf("from version %d come\n%s", begin, got)
		}
	}
}

// migrated describes what a database of a version is migrated to; 0: none.
func migrated(t *testing.T, names []string, version int) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), fileName)
	if version > 0 {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names[:version] {
			script, err := fs.ReadFile(migrations, name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), string(script)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	w, err := openWriter(t.Context(), openSQLite, file)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	if err := w.migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dump(t, w.conn)
}

// dump is a database as the statements that make it.
func dump(t *testing.T, db *sql.Conn) string {
	t.Helper()
	var b strings.Builder
	var tables []string
	rows := func(query string, each func(scan func(...any) error) error) {
		t.Helper()
		r, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		defer r.Close()
		for r.Next() {
			if err := each(r.Scan); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
	}
	// The tables that a virtual table keeps for itself come with it, and an index of a UNIQUE with its table.
	rows(`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search!_%' ESCAPE '!' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
		ORDER BY type = 'trigger', type = 'index', CASE type WHEN 'index' THEN tbl_name END, name`, func(scan func(...any) error) error {
		var kind, name, statement string
		if err := scan(&kind, &name, &statement); err != nil {
			return err
		}
		if kind == "table" && name != "search" {
			tables = append(tables, name)
		}
		fmt.Fprintf(&b, "%s;\n", statement)
		return nil
	})
	for _, table := range tables {
		var columns []string
		rows(`SELECT name FROM pragma_table_info('`+table+`')`, func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			columns = append(columns, "quote("+name+")")
			return err
		})
		rows(`SELECT concat_ws(', ', `+strings.Join(columns, ", ")+`) FROM `+table+` ORDER BY 1`, func(scan func(...any) error) error {
			var values string
			err := scan(&values)
			fmt.Fprintf(&b, "INSERT INTO %s VALUES (%s);\n", table, values)
			return err
		})
	}
	return b.String()
}
