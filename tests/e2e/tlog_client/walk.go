package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// Of any file of the log.
	fileBytesMax = 8 << 20
)

// Log is where a log is, and what its reader knows before.
type Log struct {
	URL    string
	VKey   string
	Older  []byte // a checkpoint that the log must extend, or nil
	Proofs bool
}

// Walked is what a walk saw.
type Walked struct {
	Tree       tlog.Tree
	Checkpoint []byte
	Events     int
	Files      map[string]int // path below the URL: its length
}

// Walk reads the whole log: every leaf's hash stands in the tiles, the tiles give the signed root,
// every leaf is included, the older checkpoint is a beginning, and behind each leaf are the events
// that its note signs.
func (log *Log) Walk() (*Walked, error) {
	reader := &fileReader{url: log.URL, files: map[string]int{}}
	checkpoint, err := reader.get("checkpoint")
	if err != nil {
		return nil, err
	}
	tree, err := openCheckpoint(checkpoint, log.VKey)
	if err != nil {
		return nil, err
	}
	walked := &Walked{Tree: tree, Checkpoint: checkpoint, Files: reader.files}
	// TileHashReader checks each tile against the root before it gives a hash of it.
	hashes := tlog.TileHashReader(tree, &tileReader{files: reader, known: map[tlog.Tile][]byte{}})
	if log.Older != nil {
		if err := checkConsistency(tree, log.Older, log.VKey, hashes); err != nil {
			return nil, err
		}
	}
	for first := int64(0); first < tree.N; first += tileWidth {
		if err := walkBundle(reader, hashes, walked, first); err != nil {
			return nil, err
		}
	}
	if log.Proofs {
		for _, leaf := range []int64{0, tree.N / 2, tree.N - 1} {
			if err := checkServedProof(reader, log.VKey, hashes, leaf); err != nil {
				return nil, fmt.Errorf("proof of leaf %d: %v", leaf, err)
			}
		}
	}
	return walked, nil
}

// openCheckpoint checks the log's signature and reads the text of c2sp.org/tlog-checkpoint.
func openCheckpoint(signed []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("checkpoint: not the three lines of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 1 {
		return tlog.Tree{}, errors.New("checkpoint: bad size")
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %v", err)
	}
	return tlog.Tree{N: size, Hash: hash}, nil
}

func checkConsistency(tree tlog.Tree, older []byte, vkey string, hashes tlog.HashReader) error {
	before, err := openCheckpoint(older, vkey)
	if err != nil {
		return err
	}
	if before.N > tree.N {
		return fmt.Errorf("the log shrank from %d to %d leaves", before.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, before.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash)
}

func walkBundle(reader *fileReader, hashes tlog.HashReader, walked *Walked, first int64) error {
	tree := walked.Tree
	count := int64(tileWidth)
	if tree.N-first < count {
		count = tree.N - first
	}
	path := "tile/entries/" + numberPath(first/tileWidth)
	if count < tileWidth {
		path += fmt.Sprintf(".p/%d", count)
	}
	bundle, err := reader.get(path)
	if err != nil {
		return err
	}
	for leaf := first; leaf < first+count; leaf++ {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("%s: cut off at leaf %d", path, leaf)
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		if err := checkLeaf(reader, hashes, walked, leaf, bundle[2:end]); err != nil {
			return fmt.Errorf("leaf %d: %v", leaf, err)
		}
		bundle = bundle[end:]
	}
	if len(bundle) != 0 {
		return fmt.Errorf("%s: bytes after the last leaf", path)
	}
	return nil
}

func checkLeaf(reader *fileReader, hashes tlog.HashReader, walked *Walked, leaf int64,
	data []byte) error {
	tree := walked.Tree
	hash := tlog.RecordHash(data)
	inTile, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, leaf)})
	if err != nil {
		return err
	}
	if inTile[0] != hash {
		return errors.New("its data does not hash to what the tile holds")
	}
	proof, err := tlog.ProveRecord(tree.N, leaf, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, leaf, hash); err != nil {
		return err
	}
	file, err := reader.get("events/" + numberPath(leaf))
	if err != nil {
		return err
	}
	count, err := checkEvents(data, file)
	walked.Events += count
	return err
}

// checkEvents compares the records behind a leaf with the root that the leaf's note signs.
func checkEvents(data, file []byte) (int, error) {
	if !bytes.HasPrefix(data, []byte("suyuan/leaf/v1 batch\n")) {
		if len(file) != 0 {
			return 0, errors.New("events behind a leaf that has none")
		}
		return 0, nil
	}
	var records []tlog.Hash
	for len(file) > 0 {
		record, rest, ok := prefixed(file)
		if !ok || len(rest) < 1 {
			return 0, errors.New("events cut off")
		}
		file = rest[1:]
		if rest[0] == 0 {
			if len(file) < 32 {
				return 0, errors.New("events cut off")
			}
			if _, file, ok = prefixed(file[32:]); !ok {
				return 0, errors.New("events cut off")
			}
		}
		records = append(records, tlog.RecordHash(record))
	}
	if len(records) == 0 {
		return 0, errors.New("no events behind a batch")
	}
	hash := treeHash(records)
	root := "\nroot " + base64.StdEncoding.EncodeToString(hash[:]) + "\n"
	if !bytes.Contains(data, []byte(root)) {
		return 0, errors.New("the records are not those of the signed root")
	}
	return len(records), nil
}

func prefixed(data []byte) (value, rest []byte, ok bool) {
	if len(data) < 4 || uint64(len(data)-4) < uint64(binary.BigEndian.Uint32(data)) {
		return nil, nil, false
	}
	end := 4 + int(binary.BigEndian.Uint32(data))
	return data[4:end], data[end:], true
}

func treeHash(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	split := 1
	for split*2 < len(hashes) {
		split *= 2
	}
	return tlog.NodeHash(treeHash(hashes[:split]), treeHash(hashes[split:]))
}

// checkServedProof reads a c2sp.org/tlog-proof text; leaf hashes are those that the walk checked.
func checkServedProof(reader *fileReader, vkey string, hashes tlog.HashReader, leaf int64) error {
	text, err := reader.get(fmt.Sprintf("proof/%d", leaf))
	if err != nil {
		return err
	}
	cut := bytes.Index(text, []byte("\n\n"))
	if cut < 0 {
		return errors.New("no blank line")
	}
	lines := strings.Split(string(text[:cut]), "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		lines[1] != fmt.Sprintf("index %d", leaf) {
		return errors.New("another proof than was asked for")
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	tree, err := openCheckpoint(text[cut+2:], vkey)
	if err != nil {
		return err
	}
	hash, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, leaf)})
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, leaf, hash[0])
}

// numberPath writes a number as tile paths do: 1234067 is x001/x234/067.
func numberPath(number int64) string {
	path := fmt.Sprintf("%03d", number%1000)
	for number >= 1000 {
		number /= 1000
		path = fmt.Sprintf("x%03d/%s", number%1000, path)
	}
	return path
}

// tileReader maps Go's tiles to the paths of c2sp.org/tlog-tiles, which have no height.
type tileReader struct {
	files *fileReader
	known map[tlog.Tile][]byte
}

func (reader *tileReader) Height() int { return tileHeight }

func (reader *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, ok := reader.known[tile]
		if !ok {
			path := fmt.Sprintf("tile/%d/%s", tile.L, numberPath(tile.N))
			if tile.W < tileWidth {
				path += fmt.Sprintf(".p/%d", tile.W)
			}
			var err error
			if data, err = reader.files.get(path); err != nil {
				return nil, err
			}
			if len(data) != tile.W*tlog.HashSize {
				return nil, fmt.Errorf("%s: %d bytes", path, len(data))
			}
		}
		all = append(all, data)
	}
	return all, nil
}

func (reader *tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		reader.known[tile] = data[i]
	}
}

type fileReader struct {
	url   string
	files map[string]int
}

func (reader *fileReader) get(path string) ([]byte, error) {
	response, err := http.Get(reader.url + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, fileBytesMax))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	reader.files[path] = len(data)
	return data, nil
}

func sortedPaths(files map[string]int) []string {
	var paths []string
	for path := range files {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
}
