import SwiftProtobuf

/// Reads the weights of a `.caffemodel`: a binary NetParameter of either generation.
///
/// The bytes are walked and bounded first (``CaffeLimits``), then decoded by swift-protobuf, then
/// checked as a chain of convolutions. Only layers with blobs count: a file also lists data, ReLU and
/// loss layers, two of which may share a name. Kernel axes are those of the volume, first axis x, and
/// correlation is meant, as everywhere here.
enum CaffeReader {
  /// Reads all convolutions, in their order.
  ///
  /// - Returns: Tensors `conv1.weight` `[Cout][Cin][x][y][z]`, `conv1.bias` and so on.
  static func read(_ file: UnsafeRawBufferPointer) throws(CheckpointFault) -> CheckpointContent {
    let layers: [ForeignConvolution]
    do {
      try CaffeLimits.check(file)
      layers = try convolutions(of: decode(file))
    } catch {
      throw .caffe(error)
    }
    var content = CheckpointContent(container: .caffe, views: [])
    do {
      let chain = try ConvolutionChain(layers)
      try chain.requireOutputs { $0 == 1 }
      content.tensors = chain.tensors
    } catch {
      throw .chain(error)
    }
    content.metadata = ["arssr.axes": "xyz"]
    return content
  }

  /// Whether a file whose name says nothing begins with a field that a network begins with.
  static func recognises(_ file: UnsafeRawBufferPointer) -> Bool {
    var reader = WireReader(file)
    guard let field = try? reader.next(), let contents = field.contents else { return false }
    switch field.number {
    case 1: return contents.count <= CaffeLimits.longestName && (try? reader.next()) != nil
    case 2, 100: return true
    default: return false
    }
  }

  private static func decode(
    _ file: UnsafeRawBufferPointer
  ) throws(CaffeFault) -> Caffe_NetParameter {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      return try Caffe_NetParameter(serializedBytes: Array(file), options: options)
    } catch BinaryDecodingError.invalidUTF8 {
      throw .notUTF8
    } catch {
      throw .malformed
    }
  }

  private static func convolutions(
    of net: Caffe_NetParameter
  ) throws(CaffeFault) -> [ForeignConvolution] {
    guard net.layer.isEmpty || net.layers.isEmpty else { throw .bothGenerations }
    var convolutions: [ForeignConvolution] = []
    for layer in net.layer where !layer.blobs.isEmpty {
      guard layer.type == "Convolution" else {
        throw .layerType(layer: layer.name, type: layer.type)
      }
      convolutions.append(
        try ForeignConvolution(layer.name, layer.blobs, layer.convolutionParam))
    }
    for layer in net.layers where !layer.blobs.isEmpty {
      guard layer.type == legacyConvolution else {
        throw .layerType(layer: layer.name, type: "\(layer.type)")
      }
      convolutions.append(
        try ForeignConvolution(layer.name, layer.blobs, layer.convolutionParam))
    }
    return convolutions
  }

  /// CONVOLUTION among the layer types of the old generation.
  private static let legacyConvolution: Int32 = 4
}
