package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strings"
)

// flipper passes a log on as it is, but for one bit of one file.
type flipper struct {
	from string
	path string
	at   int // byte
	bit  uint
}

func (flip *flipper) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	response, err := http.Get(flip.from + in.URL.Path)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	if in.URL.Path == "/"+flip.path && flip.at < len(data) {
		data[flip.at] ^= 1 << flip.bit
	}
	out.WriteHeader(response.StatusCode)
	out.Write(data)
}

// kinds of files, and whether a path is of that kind.
var kinds = []struct {
	name string
	is   func(path string) bool
}{
	{"checkpoint", func(path string) bool { return path == "checkpoint" }},
	{"entries", func(path string) bool { return strings.HasPrefix(path, "tile/entries/") }},
	{"tile", func(path string) bool {
		return strings.HasPrefix(path, "tile/") && !strings.HasPrefix(path, "tile/entries/")
	}},
}

// FindFlips walks the log again for each of a number of single changed bits in each kind of file,
// and fails where a walk does not.
func FindFlips(log *Log, walked *Walked, count int, seed int64) error {
	random := rand.New(rand.NewSource(seed))
	flip := &flipper{from: log.URL}
	url, err := serve(flip)
	if err != nil {
		return err
	}
	changed := &Log{URL: url, VKey: log.VKey, Older: log.Older}
	if _, err := changed.Walk(); err != nil {
		return fmt.Errorf("without a flip: %v", err)
	}
	for _, kind := range kinds {
		var paths []string
		for _, path := range sortedPaths(walked.Files) {
			if kind.is(path) && walked.Files[path] > 0 {
				paths = append(paths, path)
			}
		}
		if len(paths) == 0 {
			return fmt.Errorf("no file of the kind %s", kind.name)
		}
		for i := 0; i < count; i++ {
			flip.path = paths[i%len(paths)]
			length := walked.Files[flip.path]
			if kind.name == "checkpoint" {
				// What other keys signed is not the log's: a reader skips it. Of the last base64
				// digit not every bit counts.
				text := bytes.Index(walked.Checkpoint, []byte("\n\n")) + 2
				length = text + bytes.IndexByte(walked.Checkpoint[text:], '\n') - 3
			}
			flip.at = random.Intn(length)
			flip.bit = uint(random.Intn(8))
			if _, err := changed.Walk(); err == nil {
				return fmt.Errorf("bit %d of byte %d of %s was flipped and not found (seed %d)",
					flip.bit, flip.at, flip.path, seed)
			}
		}
		fmt.Printf("%d flipped bits found in %d files of the kind %s\n", count, len(paths), kind.name)
	}
	return nil
}
