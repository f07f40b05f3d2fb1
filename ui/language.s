// Empty: that this file is here lets the compiler take setupLang, which has its body in Fyne.
