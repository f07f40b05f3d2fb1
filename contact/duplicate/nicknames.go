package duplicate

import (
	"strings"
	"sync"
)

// nicknameLines are given names with the short and pet forms that people are filed under, of the languages in which they are common.
// The first of a line is the full name. A short form may stand in several lines.
const nicknameLines = `
abigail abby gail
albert al bert albie
alexander alex sandy xander sascha sasha alec
alexandra alex sandra sandy sascha sasha lexi
alfred fred alf freddy
andrew andy drew
andreas andy andi
andre andy
anna annie ania anya anja
annabel annie bella
anthony tony
antonio tony toni
antonia toni
anton toni
arthur art
barbara barb babs barbie
benedikt ben
benjamin ben benny benji
bernard bernie
bernhard bernd
beatrice bea
carolin caro
caroline caro carrie
catherine cathy kate katie cat kit
katherine kathy kate katie kat kitty
katharina kathi kati katja kathy
charles charlie chuck chas
charlotte charlie lottie lotte
christian chris
christina chris tina chrissy
christine chris tine chrissy
christopher chris kit topher
christof chris
clara klara
daniel dan danny
daniela dani
david dave davy
deborah deb debbie
dennis denny
dimitri dima mitya
dmitry dima mitya
donald don donny
dorothea doro thea
dorothy dot dottie dolly
eduard edi edu
edward ed eddie ted teddy ned
elisabeth elsa lisa liz lisbeth elli sissi betty
elizabeth liz lizzie beth betty betsy eliza libby lisa
emanuel manu
emily em emmy
ernest ernie
eugene gene
evgeny zhenya
francis frank fran
frances fran francie
francesco franco cecco
francisco paco pancho fran
frederick fred freddie rick
friedrich fritz fredi
gabriel gabe
gabriele gabi
georg schorsch
george georgie
gerald gerry jerry
gerhard gerd
gertrude trudy gerti
giovanni gianni
giuseppe beppe peppe pino
gregory greg
guillermo memo
gunter gunti
hannah anna hanna
harold harry hal
heinrich heinz heiner
helene leni lena
helena lena
henry harry hank hal
herbert herb bert
ignacio nacho
irina ira
isabella bella izzy
isabel bella izzy
ivan vanya
jacob jake
jakob jascha
jacqueline jackie
jaime jimmy
james jim jimmy jamie
janet jan
jennifer jen jenny
jeffrey jeff
jeremy jerry
jessica jess jessie
joachim jochen achim
johannes hannes hans jo
johann hans
john jack johnny jon
jonathan jon jonny nathan
jose pepe
josef sepp jo
joseph joe joey
joshua josh
judith judy
julia jule jules
karl kalle
kenneth ken kenny
konstantin kostya
lawrence larry laurie
leonard len lenny leo
leonhard leo
leopold leo poldi
lillian lily
louis lou louie
luis lucho
ludwig lutz wiggerl
manuel manu
manuela manu
margaret maggie meg peggy marge rita greta
margarete grete gretel greta rita
maria mia marie mitzi mascha masha
mariya masha
marjorie marge
mark marc
martin marty
mary molly polly
mathilde tilde
matthew matt matty
matias hias matze
matthias hias matze
maximilian max maxi
michael mike mick micky mickey michi michel
mikhail misha
natalia natasha
natalya natasha
nathaniel nate nathan nat
nicholas nick nicky
nikolaus klaus niko
nikolai kolya
nicola nicky
nicole nicky nici
olga olya
oliver olli ollie
pamela pam
patricia pat patty tricia trish
patrick pat paddy
pavel pasha
peter pete
philip phil pip
filip fil pip
ralf ralle
raymond ray
rebecca becca becky
reinhard reini
ricardo ricky
richard rick ricky dick rich richie
robert bob rob bobby robbie bert
roberto beto
roger rog
ronald ron ronnie
rosemary rosie
rudolf rudi
russell russ
samantha sam sammy
samuel sam sammy
sarah sally sadie
sebastian basti bastian seb
sergei seryozha
siegfried siggi
sigmund sigi
simone simi
sophia sophie
sofia sofie sonya
stanley stan
stefan steff stevie
stefanie steffi
stephanie steph steffi
stephen steve stevie
steven steve stevie
susan sue susie suzy
susanne susi sanne
svetlana sveta
tatiana tanya tanja
terence terry
teresa terry tess tessa resi
theodore ted teddy theo
theodor theo
theresia resi
therese resi
thomas tom tommy
timothy tim timmy
tobias tobi
ulrich uli ulli
ulrike uli ulli rike
ursula uschi ursel
valentin valja
veronica ronnie vroni
veronika vroni
victoria vicky tori
viktoria vicky
vincent vince vinny
vladimir vova volodya
walter wally walt
wilhelm willi willy
william will bill billy willy liam
winifred winnie
wolfgang wolf wolfi
yekaterina katya
yevgeny zhenya
yuri yura
zachary zach zack
`

// nicknameTable knows which given names can be one person's.
type nicknameTable struct {
	fulls map[string][]string // a name as compared -> the lines that it stands in, by their first name
	class map[string]string   // a name -> one name for all that are joined by lines, for keys
}

// nicknames are read when the first names are compared: most starts of a program compare none.
var nicknames = sync.OnceValue(func() nicknameTable { return readNicknames(nicknameLines) })

func readNicknames(lines string) nicknameTable {
	t := nicknameTable{fulls: map[string][]string{}, class: map[string]string{}}
	var root func(name string) string
	root = func(name string) string {
		if up, ok := t.class[name]; ok && up != name {
			return root(up)
		}
		return name
	}
	for line := range strings.Lines(lines) {
		names := tokens(line)
		if len(names) == 0 {
			continue
		}
		full := names[0]
		for _, n := range names {
			t.fulls[n] = append(t.fulls[n], full)
			t.class[root(n)] = root(full)
		}
	}
	for name := range t.fulls {
		t.class[name] = root(name)
	}
	return t
}

// classOf is the same for all names that can be one person's, and for some more: Alexander and Alexandra are both Alex.
func (t nicknameTable) classOf(name string) string {
	if c, ok := t.class[name]; ok {
		return c
	}
	return name
}

// same reports whether one name is a short form of the other, or both are short forms of one name.
func (t nicknameTable) same(a, b string) bool {
	for _, x := range t.fulls[a] {
		for _, y := range t.fulls[b] {
			if x == y {
				return true
			}
		}
	}
	return false
}
