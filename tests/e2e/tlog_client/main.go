// An outsider's client of the log: Go's own transparency log and signed note packages
// (golang.org/x/mod/sumdb), and of the ledger nothing but its verifier key. It walks a whole log
// that is served as c2sp.org/tlog-tiles, and proves that it would have seen a changed bit.
//
//	tlog_client -vkey KEY (-url URL | -folder DIR) [-save FILE] [-older FILE] [-flips N]
//	            [-seed S] [-proofs]
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	vkey := flag.String("vkey", "", "the log's verifier key")
	url := flag.String("url", "", "where the log is served, up to what stands before /checkpoint")
	folder := flag.String("folder", "", "an exported log: served here as static files, then walked")
	older := flag.String("older", "", "a checkpoint saved before: the log must extend it")
	save := flag.String("save", "", "where to save the checkpoint")
	flips := flag.Int("flips", 0, "bits to flip in each kind of file, one walk for each")
	seed := flag.Int64("seed", 1, "of the flips")
	proofs := flag.Bool("proofs", false, "also check the log's own proofs of single leaves")
	flag.Parse()
	if *folder != "" {
		address, err := serve(http.FileServer(http.Dir(*folder)))
		if err != nil {
			fail(err)
		}
		*url = address
	}
	log := &Log{URL: *url, VKey: *vkey, Proofs: *proofs}
	if *older != "" {
		text, err := os.ReadFile(*older)
		if err != nil {
			fail(err)
		}
		log.Older = text
	}
	walked, err := log.Walk()
	if err != nil {
		fail(err)
	}
	fmt.Printf("walked %d leaves, %d events, %d files; root %v\n",
		walked.Tree.N, walked.Events, len(walked.Files), walked.Tree.Hash)
	if *save != "" {
		if err := os.WriteFile(*save, walked.Checkpoint, 0o644); err != nil {
			fail(err)
		}
	}
	if *flips > 0 {
		if err := FindFlips(log, walked, *flips, *seed); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "tlog_client:", err)
	os.Exit(1)
}

// serve answers on a free port of this machine until the program ends.
func serve(handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(listener, handler)
	return "http://" + listener.Addr().String(), nil
}
