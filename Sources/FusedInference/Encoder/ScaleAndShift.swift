import Networks

/// The scale and the shift of some channels of a batch normalisation.
struct ScaleAndShift {
  let scale: [Float]
  let shift: [Float]

  /// Takes those of some channels.
  init(_ normalisation: BatchNormalisation, channels: Range<Int>) {
    let values = normalisation.scaleAndShift[channels]
    scale = values.map(\.scale)
    shift = values.map(\.shift)
  }

  var channels: Int { scale.count }
}
