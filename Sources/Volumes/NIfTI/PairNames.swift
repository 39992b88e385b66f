/// The names of the two files of a volume whose header and voxels lie apart: `X.hdr` with `X.img`,
/// either with `.gz` behind.
struct PairNames {
  enum Half {
    case header
    case image
  }

  /// Which half the name stands for.
  let half: Half
  /// The other half's names, in the order in which they are looked for.
  let partners: [String]

  /// Nil if the name is not that of a half.
  init?(path: String) {
    let lowered = path.lowercased()
    for (half, own, other) in [(Half.header, "hdr", "img"), (Half.image, "img", "hdr")] {
      for ending in [".\(own)", ".\(own).gz"] where lowered.hasSuffix(ending) {
        // Names in capitals have partners in capitals.
        let isUpper = path.hasSuffix(ending.uppercased())
        let stem = path.dropLast(ending.count)
        self.half = half
        partners = [".\(other)", ".\(other).gz"].map { stem + (isUpper ? $0.uppercased() : $0) }
        return
      }
    }
    return nil
  }
}
