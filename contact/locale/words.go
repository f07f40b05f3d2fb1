package locale

// vocabulary is a language's words for dates, and the patterns that they stand in (CLDR 46, dates/calendars/gregorian): y is the year,
// M the month's name or number, d the day; what stands between quotes stands for itself.
type vocabulary struct {
	name     string
	months   [12]string
	weekdays [7]string // from Sunday
	full     string    // dateFormats, long
	monthDay string    // availableFormats, MMMMd
	month    string    // availableFormats, yMMMM
	year     string    // availableFormats, y
	fillers  []string  // words that stand between the others and mean nothing
}

var languages = map[string]vocabulary{
	"en": {
		name: "en",
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
			"December"},
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		full:     "d M y", monthDay: "d M", month: "M y", year: "y", // en_001; see americanDates
		fillers: []string{"of", "the"},
	},
	"de": {
		name: "de",
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
			"Dezember"},
		weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		full:     "d. M y", monthDay: "d. M", month: "M y", year: "y",
		fillers: []string{"der", "den", "am", "im"},
	},
	"es": {
		name: "es",
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
			"diciembre"},
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		full:     "d 'de' M 'de' y", monthDay: "d 'de' M", month: "M 'de' y", year: "y",
		fillers: []string{"de", "del", "el"},
	},
	"fr": {
		name: "fr",
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
			"décembre"},
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		full:     "d M y", monthDay: "d M", month: "M y", year: "y",
		fillers: []string{"le", "de", "du"},
	},
	"pt": {
		name: "pt",
		months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
			"dezembro"},
		weekdays: [7]string{"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"},
		full:     "d 'de' M 'de' y", monthDay: "d 'de' M", month: "M 'de' y", year: "y",
		fillers: []string{"de", "do", "em"},
	},
	"zh": {
		name:     "zh",
		months:   [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		weekdays: [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
		full:     "y年M月d日", monthDay: "M月d日", month: "y年M月", year: "y年",
	},
	"ja": {
		name:     "ja",
		months:   [12]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		weekdays: [7]string{"日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
		full:     "y年M月d日", monthDay: "M月d日", month: "y年M月", year: "y年",
	},
}

// americanDates are the patterns of English where the month stands first: the United States, those who write as they do, and Canada.
var americanDates = vocabulary{full: "M d, y", monthDay: "M d"}

// Where the month stands before the day in a date of numbers (CLDR 46, dateFormats, short), and where the year does.
var (
	monthFirst = []string{"US", "PH", "AS", "GU", "MH", "MP", "PR", "PW", "UM", "VI"}
	yearFirst  = []string{"JP", "CN", "TW", "KR", "KP", "HU", "LT", "MN", "SE", "CA", "ZA"}
	dayBefore  = []string{"SE", "ZA"} // the year stands first, yet without the year the day stands before the month
)

// twelveHours is where the clock has twelve hours (CLDR 46, supplemental timeData: "h" is preferred). In some countries it depends on
// the language.
var twelveHours = []string{
	"AU", "CA", "IN", "NZ", "PH", "US", "AS", "GU", "MH", "MP", "PR", "PW", "UM", "VI", "BD", "CO", "DO", "EG", "HN", "JO", "KR", "LK", "MY",
	"NP", "PA", "PE", "PK", "SA", "SG", "SV", "VE",
}

var twelveHoursNot = []string{"fr-CA"}
