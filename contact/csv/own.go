package csv

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kith/contact"
)

// relatives are Outlook's columns of other people, in its languages; what is not a relation that JSContact or we have a word for has
// its own name for a label.
var relatives = map[string]string{
	"spouse": "spouse", "partner in": "spouse", "conjoint e": "spouse", "conyuge": "spouse", "nome coniuge": "spouse", "conjuge": "spouse", "partner": "spouse", "配偶者": "spouse", "配偶": "spouse",
	"children": "child", "kinder": "child", "enfants": "child", "hijos": "child", "figli": "child", "filhos": "child", "kinderen": "child", "子供": "child", "子女": "child",
	"manager s name": manager, "name des der vorgesetzten": manager, "responsable": manager, "nombre del jefe": manager, "nome manager": manager,
	"nome do gerenciador": manager, "naam manager": manager, "マネージャー": manager, "经理姓名": manager,
	"assistant s name": assistant, "name assistent": assistant,
}

const manager, assistant = "kith.app:manager", "kith.app:assistant"

// relationLabels are Google's labels of a relation that are relations of ours.
var relationLabels = map[string]string{
	"spouse": "spouse", "child": "child", "parent": "parent", "sibling": "sibling", "friend": "friend", "relative": "kin", "partner": "sweetheart",
	"domestic partner": "sweetheart", "manager": manager, "assistant": assistant,
}

// customColumn is a column that Thunderbird and Outlook leave to people, in the form that normal makes.
var customColumn = regexp.MustCompile(`^(custom|user|benutzer|benutzerdef|benutzerdefiniert|utilisateur|personnalise|usuario|utente|gebruiker|aangepast) ?\d$`)

// ownColumn is a column of people around the contact, or one that programs leave to people.
func ownColumn(header string) (Column, bool) {
	n := normal(header)
	if kind := relatives[n]; kind != "" {
		return Column{Field: Relation, Kind: kind}, true
	}
	if customColumn.MatchString(n) {
		return Column{Field: Custom}, true
	}
	return Column{}, false
}

// takeOwn makes the columns that nothing is known of fields under their names, if the table is not one of a program's: those are full of what
// means something to that program alone ("Sensitivity": "Normal"), and have columns by which they are known.
func (r *Reader) takeOwn() {
	if r.pending != nil || slices.ContainsFunc(r.header, onlyPrograms) {
		return
	}
	for i, c := range r.mapping {
		if c.Field == Keep && normal(r.header[i]) != "" {
			r.mapping[i].Field = Custom
		}
	}
}

// onlyPrograms says whether only a program writes a column of this name.
func onlyPrograms(header string) bool {
	n := normal(header)
	c, there := known[n]
	return there && c.Field == Keep || fieldConcepts[0].in(n) || customColumn.MatchString(n) || googleColumn.MatchString(header)
}

// relation is the entry of a person by name alone.
func relation(kind, label string) object {
	o := object{"@type": "Relation"}
	if kind == "" {
		kind = relationLabels[normal(label)]
	}
	if kind != "" {
		o["relation"] = object{kind: true}
	} else if label != "" {
		o["label"] = label
	}
	return o
}

// related is one relation as a file holds it.
type related struct{ kind, label, name string }

// relations are those whose other has a name.
func (v view) relations() (out []related) {
	for _, key := range sortedKeys(v.RelatedTo) {
		r := v.RelatedTo[key]
		name := cmp.Or(r.Name, key)
		if r.Name == "" && (strings.HasPrefix(key, "urn:") || uuid.Validate(key) == nil) {
			continue // a contact, of which only the contact itself knows the name
		}
		one := related{name: name, label: r.Label}
		for _, kind := range sortedKeys(r.Relation) {
			if r.Relation[kind] && one.kind == "" {
				one.kind = kind
			}
		}
		out = append(out, one)
	}
	return out
}

// googleRelation is what Google calls a relation.
func (r related) googleLabel() string {
	if r.label != "" {
		return r.label
	}
	for _, label := range sortedKeys(relationLabels) {
		if relationLabels[label] == r.kind && label != "domestic partner" {
			return strings.ToUpper(label[:1]) + label[1:]
		}
	}
	return strings.TrimPrefix(r.kind, "kith.app:")
}

// outlookRelations are the columns that Outlook has for them.
var outlookRelations = map[string]string{"spouse": "Spouse", "child": "Children", manager: "Manager's Name", assistant: "Assistant's Name"}

// putOwn writes relations and fields of people's own as Google does; in Outlook's columns where it has one, each once.
func putOwn(v view, s *sheet, f Format) {
	taken := map[string]bool{}
	free := func(column string) bool {
		is := f == Outlook && slices.Contains(outlookColumns, column) && !taken[column]
		taken[column] = taken[column] || is
		return is
	}
	pair := func(what string, n int, label, value string) {
		prefix := fmt.Sprintf("%s %d - ", what, n)
		s.columns(prefix+"Label", prefix+"Value")
		s.put(prefix+"Label", label)
		s.put(prefix+"Value", value)
	}
	n := 0
	for _, r := range v.relations() {
		if column := outlookRelations[r.kind]; r.label == "" && free(column) {
			s.put(column, r.name)
			continue
		}
		n++
		pair("Relation", n, r.googleLabel(), r.name)
	}
	n = 0
	for _, e := range inOrder(v.Fields) {
		if customColumn.MatchString(normal(e.Label)) && free(e.Label) {
			s.put(e.Label, e.Value)
			continue
		}
		n++
		pair("Custom Field", n, e.Label, e.Value)
	}
}

// labelOfOwn is the label of a field under a header: what a person called the column.
func labelOfOwn(c Column, header string) Column {
	if c.Field == Custom && c.Group == "" && c.Label == "" {
		c.Label = strings.TrimSpace(header)
	}
	return c
}

// customMember is where such fields are in a card.
const customMember = contact.CustomMember

// relate puts a person on the card. Somebody who is two things is both; a second label is kept.
func (w *row) relate(card object, name string, entry object) {
	if card["relatedTo"] == nil {
		card["relatedTo"] = object{}
	}
	all := card["relatedTo"].(object)
	before, there := all[name].(object)
	if !there {
		all[name] = entry
		return
	}
	if kinds, ok := entry["relation"].(object); ok {
		if before["relation"] == nil {
			before["relation"] = object{}
		}
		maps.Copy(before["relation"].(object), kinds)
	}
	if label, ok := entry["label"].(string); ok && before["label"] == nil {
		before["label"] = label
	} else if ok && before["label"] != label {
		w.keep(string(Relation), label+": "+name)
	}
}
