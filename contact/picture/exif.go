package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation is what a file's EXIF data say of how the camera was held: 1 to 8, or 0 if they say nothing.
func orientation(b []byte, format string) int {
	switch format {
	case "jpeg":
		return tiffOrientation(jpegExif(b))
	case "png":
		return tiffOrientation(pngExif(b))
	case "webp":
		return tiffOrientation(webpExif(b))
	}
	return 0
}

var exifMark = []byte("Exif\x00\x00")

// jpegExif finds the APP1 segment of EXIF (CIPA DC-008, section 4.7.2) before the picture's own data.
func jpegExif(b []byte) []byte {
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker, size := b[i+1], int(binary.BigEndian.Uint16(b[i+2:]))
		if marker == 0xda || size < 2 || i+2+size > len(b) { // start of scan
			return nil
		}
		segment := b[i+4 : i+2+size]
		if marker == 0xe1 && bytes.HasPrefix(segment, exifMark) {
			return segment[len(exifMark):]
		}
		i += 2 + size
	}
	return nil
}

// pngExif finds the chunk eXIf.
func pngExif(b []byte) []byte {
	for i := 8; i+12 <= len(b); {
		size := int(binary.BigEndian.Uint32(b[i:]))
		if size < 0 || size > len(b)-i-12 {
			return nil
		}
		if string(b[i+4:i+8]) == "eXIf" {
			return b[i+8 : i+8+size]
		}
		i += 12 + size
	}
	return nil
}

// webpExif finds the chunk EXIF of the RIFF file.
func webpExif(b []byte) []byte {
	for i := 12; i+8 <= len(b); {
		size := int(binary.LittleEndian.Uint32(b[i+4:]))
		if size < 0 || size > len(b)-i-8 {
			return nil
		}
		if string(b[i:i+4]) == "EXIF" {
			return bytes.TrimPrefix(b[i+8:i+8+size], exifMark)
		}
		i += 8 + size + size%2
	}
	return nil
}

const tagOrientation = 0x0112

// tiffOrientation reads the tag from the first directory of EXIF's TIFF structure.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(b[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(b[4:]))
	if at < 8 || at+2 > len(b) {
		return 0
	}
	entries := int(order.Uint16(b[at:]))
	for i := range entries {
		entry := at + 2 + 12*i
		if entry+12 > len(b) {
			return 0
		}
		if order.Uint16(b[entry:]) == tagOrientation {
			return int(order.Uint16(b[entry+8:]))
		}
	}
	return 0
}
