import FuzzDriver
import Oracles

/// Feeds the reader of chainer archives: zip, deflate and NumPy headers.
@main
enum FuzzChainer {
  static func main() {
    fuzz { start, count in
      checkCheckpoint(UnsafeRawBufferPointer(start: start, count: count), named: "a.npz")
      return 0
    }
  }
}
