import FuzzDriver
import Oracles

/// Feeds the reader of Caffe models.
@main
enum FuzzCaffe {
  static func main() {
    fuzz { start, count in
      checkCheckpoint(UnsafeRawBufferPointer(start: start, count: count), named: "a.caffemodel")
      return 0
    }
  }
}
