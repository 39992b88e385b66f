import FuzzDriver
import Oracles

/// Feeds NIfTI headers, extensions and voxels.
@main
enum FuzzNIfTI {
  static func main() {
    fuzz { start, count in
      checkVolume(UnsafeRawBufferPointer(start: start, count: count), named: "a.nii")
      return 0
    }
  }
}
