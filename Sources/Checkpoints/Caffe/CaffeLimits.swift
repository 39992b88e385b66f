/// What a parser of protobuf does not bound, checked on the bytes before one allocates anything.
///
/// A layer takes three bytes in a file and a hundred in memory, a size one and eight: so layers, blobs,
/// names and the small messages are counted and measured first. What is left in the file are weights,
/// which take as much memory as they have bytes.
enum CaffeLimits {
  static let largestFile = 256 << 20
  static let mostLayers = 4096
  static let longestName = 256
  /// Weights and bias.
  static let mostBlobs = 2
  /// Bytes of a shape; eight sizes take 88 at most.
  static let longestShape = 128
  /// Bytes of the settings of a convolution; those with two fillers take about fifty.
  static let longestSettings = 4096

  /// The numbers of the fields that are bounded, in one of the two generations of layers.
  private struct LayerFields {
    let texts: [UInt64]
    let blobs: UInt64
    let settings: UInt64

    static let current = LayerFields(texts: [1, 2], blobs: 7, settings: 106)
    static let legacy = LayerFields(texts: [4], blobs: 6, settings: 10)
  }

  /// Walks a whole file.
  ///
  /// - Throws: ``CaffeFault`` for damage of the encoding at the levels that are read, and for what
  ///   exceeds a limit.
  static func check(_ file: UnsafeRawBufferPointer) throws(CaffeFault) {
    guard file.count <= largestFile else { throw .fileTooLarge(bytes: file.count) }
    var layers = 0
    var reader = WireReader(file)
    while let field = try reader.next() {
      guard let contents = field.contents else { continue }
      switch field.number {
      case 1: try checkName(contents)
      case 2, 100:
        layers += 1
        guard layers <= mostLayers else { throw .tooManyLayers }
        try checkLayer(contents, field.number == 100 ? .current : .legacy)
      default: break
      }
    }
  }

  private static func checkLayer(
    _ layer: UnsafeRawBufferPointer, _ fields: LayerFields
  ) throws(CaffeFault) {
    var blobs = 0
    var hasSettings = false
    var reader = WireReader(layer)
    while let field = try reader.next() {
      guard let contents = field.contents else { continue }
      if fields.texts.contains(field.number) {
        try checkName(contents)
      } else if field.number == fields.blobs {
        blobs += 1
        guard blobs <= mostBlobs else { throw .tooManyBlobs }
        try checkBlob(contents)
      } else if field.number == fields.settings {
        guard !hasSettings, contents.count <= longestSettings else { throw .settings }
        hasSettings = true
        try walk(contents)
      }
    }
  }

  private static func checkBlob(_ blob: UnsafeRawBufferPointer) throws(CaffeFault) {
    var hasShape = false
    var reader = WireReader(blob)
    while let field = try reader.next() {
      guard field.number == 7, let shape = field.contents else { continue }
      guard !hasShape, shape.count <= longestShape else { throw .shapeTooLong }
      hasShape = true
      try walk(shape)
    }
  }

  private static func checkName(_ name: UnsafeRawBufferPointer) throws(CaffeFault) {
    guard name.count <= longestName else { throw .nameTooLong(bytes: name.count) }
  }

  private static func walk(_ message: UnsafeRawBufferPointer) throws(CaffeFault) {
    var reader = WireReader(message)
    while try reader.next() != nil {}
  }
}
