import Foundation
import Testing

/// `arssr evaluate` with scores of slices, tissues and a perceptual distance.
@Suite struct EvaluateSliceTests {
  /// A head of three gray values in a background of zeros, and a blurred copy with faint ringing outside.
  private func folder() throws -> Scratch {
    var truth = SampleVolume()
    truth.size = [34, 36, 38]
    truth.value = { i, j, k, _ in
      let x = Float(i) - 17
      let y = Float(j) - 18
      let z = Float(k) - 19
      let radius = (x * x + y * y + z * z).squareRoot()
      return radius > 15 ? 0 : radius > 11 ? 100 + x : radius > 6 ? 200 + y : 300 + z
    }
    var result = truth
    result.value = { i, j, k, _ in
      func value(_ i: Int) -> Float { truth.value(min(max(i, 0), 33), j, k, 0) }
      return (value(i - 1) + 2 * value(i) + value(i + 1)) / 4 + Float((i + j + k) % 2)
    }
    let folder = try Scratch()
    try folder.write(truth.data, to: "truth.nii")
    try folder.write(result.data, to: "result.nii")
    return folder
  }

  private func item(
    _ options: String, _ folder: Scratch, location: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let report = try Program.evaluationReport(
      "\(options) result.nii truth.nii", in: folder, location: location)
    return try #require((report["items"] as? [[String: Any]])?.first)
  }

  private func sliceScores(_ item: [String: Any], of side: String) throws -> [String: Any] {
    let slices = try #require((item["slices"] as? [[String: Any]])?.first)
    return try #require(slices[side] as? [String: Any])
  }

  @Test func sharpnessIsTheMeanOfTheSlicesChosen() throws {
    let folder = try folder()
    let all = try item("--metrics lpcsi --per-slice", folder)
    let result = try sliceScores(all, of: "result")
    let values = try #require(result["values"] as? [[Double]])
    #expect(values.map(\.count) == [34, 36, 38])
    let mean = values.joined().reduce(0, +) / 108
    #expect(try abs(#require(all["lpcsi"] as? Double) - mean) < 1e-12)
    #expect(result["slices"] as? Int == 108)
    // Centres 17, 18, 19 and a radius of 15: 31 slices across each axis.
    #expect(result["nonEmpty"] as? Int == 93)
    let chosen = try item("--metrics lpcsi --slices nonempty", folder)
    #expect(chosen["lpcsi"] as? Double == result["meanOfNonEmpty"] as? Double)
    // The ringing scores in slices in which the truth is empty, unless it is cleared.
    let cleared = try item("--metrics lpcsi --mask foreground --mask-background", folder)
    let counts = try [all, cleared].map {
      try #require(try sliceScores($0, of: "result")["positive"] as? Int)
    }
    #expect(counts[0] == 108 && counts[1] == 93)
    let truth = try sliceScores(all, of: "truth")
    #expect(truth["positive"] as? Int == 93)
  }

  @Test func tissuesAreSegmentedWhereNoLabelsAreGiven() throws {
    let folder = try folder()
    let item = try item("--metrics dice", folder)
    let labels = try #require(item["labels"] as? [[String: Double]])
    #expect(labels.map { $0["label"] } == [1, 2, 3])
    #expect(labels.allSatisfy { ($0["dice"] ?? 0) > 0 && ($0["dice"] ?? 0) < 1 })
    let same = try Program.run("evaluate -q --metrics dice truth.nii truth.nii", in: folder)
    #expect(same.output.contains("1.000000"))
    #expect(same.output.contains("labels by kmeans-mrf-3"))
  }

  @Test func perceptualDistancesNeedTheNetworksWeights() throws {
    let folder = try folder()
    try folder.write(Self.alexWeights(), to: "alex.safetensors")
    let options = "--metrics lpips --lpips-weights alex.safetensors"
    let distance = try #require(try item(options, folder)["lpips"] as? Double)
    #expect(distance > 0)
    let both = try Program.run(
      "evaluate -q --format json \(options) truth.nii result.nii truth.nii", in: folder)
    let report = try JSONText.object(both.outputBytes)
    let items = try #require(report["items"] as? [[String: Any]])
    #expect(items[0]["lpips"] as? Double == 0)
    #expect(items[1]["lpips"] as? Double == distance)
    let other = try Program.run(
      "evaluate -q \(options) --lpips vgg truth.nii truth.nii", in: folder)
    #expect(other.status == 78)
    #expect(other.error.contains("features.0.weight is 64 x 3 x 11 x 11"))
  }

  /// A file of AlexNet's convolutions with made-up weights.
  private static func alexWeights() -> Data {
    let shapes = [
      (0, [64, 3, 11, 11]), (3, [192, 64, 5, 5]), (6, [384, 192, 3, 3]), (8, [256, 384, 3, 3]),
      (10, [256, 256, 3, 3]),
    ]
    var entries: [String] = []
    var values: [Float] = []
    func add(_ name: String, _ shape: [Int], _ bound: Float) {
      let count = shape.reduce(1, *)
      let start = values.count * 4
      for index in 0..<count {
        values.append(bound * (Float(index * 7919 % 2001) / 1000 - 1))
      }
      entries.append(
        #""\#(name)":{"dtype":"F32","shape":\#(shape),"#
          + #""data_offsets":[\#(start),\#(values.count * 4)]}"#
      )
    }
    for (number, shape) in shapes {
      let fan = Float(shape.dropFirst().reduce(1, *))
      add("features.\(number).weight", shape, (6 / fan).squareRoot())
      add("features.\(number).bias", [shape[0]], 0.05)
    }
    let header = Data("{\(entries.joined(separator: ","))}".utf8)
    var length = UInt64(header.count).littleEndian
    var data = Data(bytes: &length, count: 8) + header
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }
}
