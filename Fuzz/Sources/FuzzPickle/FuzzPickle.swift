import FuzzDriver
import Oracles

/// Feeds the reader of PyTorch containers and their pickles.
@main
enum FuzzPickle {
  static func main() {
    fuzz { start, count in
      checkCheckpoint(UnsafeRawBufferPointer(start: start, count: count), named: "a.pt")
      return 0
    }
  }
}
