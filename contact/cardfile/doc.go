// Package cardfile reads the contacts of a file of any format that we know: vCard, CSV, LDIF, and JSContact's JSON. It tells the
// format by the content, whatever the file is called, and gives all of them one shape, for the window and for kithctl. It knows
// neither the store nor the network.
package cardfile
