import Foundation

/// A safetensors file made byte by byte, so that no code of the program is needed to write it.
struct SampleModel {
  private var metadata: [String: String]
  private var tensors: [(name: String, shape: [Int], values: [Float])] = []

  init(_ architecture: String, _ metadata: [String: String] = [:]) {
    self.metadata = metadata
    self.metadata["arssr.arch"] = architecture
  }

  /// Adds a layer whose weights are small waves, with one bias for all outputs.
  mutating func convolve(
    _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int = 3, bias: Float = 0
  ) {
    let shape = [outputs, inputs, kernel, kernel, kernel]
    let count = shape.reduce(1, *)
    let size = 1 / Float(inputs * kernel * kernel * kernel).squareRoot()
    tensors.append((name + ".weight", shape, (0..<count).map { size * sin(Float($0) * 1.7) }))
    tensors.append((name + ".bias", [outputs], [Float](repeating: bias, count: outputs)))
  }

  /// SRReCNN3D of three layers.
  static func chain(
    images: Int = 1, lastBias: Float = 0, _ metadata: [String: String] = [:]
  ) -> SampleModel {
    var model = SampleModel(images == 2 ? "srrecnn3d-multi" : "srrecnn3d", metadata)
    model.convolve("conv1", images, 4)
    model.convolve("conv2", 4, 4)
    model.convolve("conv3", 4, 1, bias: lastBias)
    return model
  }

  /// 3D-ESPCN of a factor.
  static func shuffle(factor: Int) -> SampleModel {
    var model = SampleModel("espcn3d")
    model.convolve("conv1", 1, 4)
    model.convolve("conv2", 4, 4, kernel: 1)
    model.convolve("conv3", 4, factor * factor * factor)
    return model
  }

  var data: Data {
    get throws {
      var header: [String: Any] = ["__metadata__": metadata]
      var body = Data()
      for (name, shape, values) in tensors {
        header[name] = [
          "dtype": "F32", "shape": shape,
          "data_offsets": [body.count, body.count + 4 * values.count],
        ]
        for value in values {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        }
      }
      var text = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
      text.append(Data(repeating: 0x20, count: (8 - text.count % 8) % 8))
      var length = UInt64(text.count).littleEndian
      return Data(bytes: &length, count: 8) + text + body
    }
  }
}
