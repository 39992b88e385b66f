import FuzzDriver
import Oracles

/// Feeds the gzip reader, by way of compressed volumes.
@main
enum FuzzGzip {
  static func main() {
    fuzz { start, count in
      checkVolume(UnsafeRawBufferPointer(start: start, count: count), named: "a.nii.gz")
      return 0
    }
  }
}
