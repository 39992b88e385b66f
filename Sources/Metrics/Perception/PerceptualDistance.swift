import Checkpoints
import KernelInterface
import Workers

/// How different two images look, by the features of a network (LPIPS, version 0.1): 0 for equal images.
///
/// Zhang, Isola, Efros, Shechtman, Wang, "The unreasonable effectiveness of deep features as a perceptual
/// metric" (CVPR 2018). Slices are gray; the three channels that the network reads are one number by
/// three factors and shifts, so its first layer reads that number and a 1, which stands for the shift
/// inside the image and is 0 in the zeros around it.
public struct PerceptualDistance: Sendable {
  /// The features' network.
  public let network: PerceptualNetwork

  private let layers: [PlaneLayer]
  private let heads: [[Float]]

  /// Takes a network's weights.
  ///
  /// - Parameters:
  ///   - network: Which network it is.
  ///   - backbone: Its convolutions, as torchvision or an LPIPS module names them.
  ///   - heads: The linear parts, `lin0.model.1.weight` and so on.
  ///   - kernels: What computes the features.
  /// - Throws: ``ComparisonError/weights(tensor:found:wanted:purpose:)`` or `memory`.
  public init(
    _ network: PerceptualNetwork, backbone: Checkpoint, heads: Checkpoint, kernels: KernelTable
  ) throws(ComparisonError) {
    self.network = network
    self.heads = try network.heads(heads)
    var layers: [PlaneLayer] = []
    for (layer, weights) in zip(network.layers, try network.weights(backbone)) {
      do throws(WorkersError) {
        layers.append(
          try PlaneLayer(
            layer, layer.number == 0 ? Self.folded(weights, layer) : weights, kernels: kernels))
      } catch {
        throw .memory(error)
      }
    }
    self.layers = layers
  }

  /// The first layer with the scaling of its inputs, (v - shift) / scale per channel, in it.
  private static func folded(
    _ values: LayerWeights, _ layer: PerceptualNetwork.Layer
  ) -> LayerWeights {
    let shifts = [-0.030, -0.088, -0.188]
    let scales = [0.458, 0.448, 0.450]
    let pixels = layer.extent * layer.extent
    var weights: [Float] = []
    for output in 0..<layer.outputs {
      func sum(_ factor: (_ channel: Int) -> Double) -> [Float] {
        (0..<pixels).map { pixel in
          Float(
            (0..<3).reduce(0) { sum, channel in
              sum + factor(channel)
                * Double(values.weights[(output * 3 + channel) * pixels + pixel])
            })
        }
      }
      weights += sum { 1 / scales[$0] } + sum { -shifts[$0] / scales[$0] }
    }
    return LayerWeights(weights: weights, bias: values.bias)
  }

  /// Bytes that the workers need for volumes of a size, beyond the volumes.
  ///
  /// - Parameters:
  ///   - size: Voxels along i, j, k.
  ///   - results: Volumes that are compared at once.
  ///   - workers: Workers of the pool.
  /// - Returns: The bytes.
  public func bytes(size: SIMD3<Int>, results: Int, workers: Int) -> Int {
    let perWorker = (0..<3).map { axis -> Int in
      let (rows, columns) = GraySlice.size(size, axis: axis)
      guard min(rows, columns) >= network.leastSide else { return 0 }
      return SliceNetwork.Room(layers, images: results + 1, rows: rows, columns: columns).bytes
    }
    return workers * (perWorker.max() ?? 0)
  }

  /// The distance of every slice of volumes from the same slice of the truth, whose features are
  /// computed once.
  ///
  /// - Parameters:
  ///   - results: Voxels of the volumes to judge, i fastest.
  ///   - truth: Those of the truth.
  ///   - size: Voxels along i, j, k.
  ///   - pool: Shares the slices; its size changes no result.
  /// - Returns: Scores per volume; nil for slices with a side below ``PerceptualNetwork/leastSide``,
  ///   NaN where a voxel of a volume or of the truth is not finite.
  /// - Throws: ``ComparisonError`` if volumes are of another size, or the system refuses memory.
  public func scores(
    of results: [[Float]], against truth: [Float], size: SIMD3<Int>, pool: WorkerPool
  ) throws(ComparisonError) -> [SliceScores] {
    for voxels in results where voxels.count != truth.count {
      throw .unlikeCounts(image: voxels.count, reference: truth.count)
    }
    let finite = truth.allSatisfy(\.isFinite) ? results.map { $0.allSatisfy(\.isFinite) } : []
    let chosen = results.indices.filter { finite.isEmpty ? false : finite[$0] }
    var scores = [[[Double?]]](repeating: [], count: chosen.count)
    if !chosen.isEmpty {
      let volumes = [truth] + chosen.map { results[$0] }
      for axis in 0..<3 {
        let found = try slices(of: volumes, size: size, axis: axis, pool)
        for index in chosen.indices { scores[index].append(found.map { $0?[index] }) }
      }
    }
    return results.indices.map { index in
      chosen.firstIndex(of: index).map { SliceScores(scores[$0]) } ?? .undefined(size)
    }
  }

  /// Per slice across an axis the distances of all volumes from the first; nil: too small.
  private func slices(
    of volumes: [[Float]], size: SIMD3<Int>, axis: Int, _ pool: WorkerPool
  ) throws(ComparisonError) -> [[Double]?] {
    let (rows, columns) = GraySlice.size(size, axis: axis)
    guard min(rows, columns) >= network.leastSide else {
      return [[Double]?](repeating: nil, count: size[axis])
    }
    let view = SliceView(
      volumes, size: size, axis: axis,
      limits: (Double(volumes[0].min() ?? 0), Double(volumes[0].max() ?? 0)))
    var workers: [SliceNetwork] = []
    for _ in 0..<pool.workerCount { workers.append(try sliceNetwork(view)) }
    return pool.map(size[axis]) { index, worker in
      view.isAlike(index)
        ? [Double](repeating: 0, count: volumes.count - 1)
        : workers[worker].distances(view, slice: index)
    }
  }

  /// The distances of one slice of all volumes but the first from the first.
  func distances(_ view: SliceView, slice: Int) throws(ComparisonError) -> [Double] {
    try sliceNetwork(view).distances(view, slice: slice)
  }

  private func sliceNetwork(_ view: SliceView) throws(ComparisonError) -> SliceNetwork {
    do throws(WorkersError) {
      return try SliceNetwork(
        layers, heads: heads, images: view.count, rows: view.size.rows,
        columns: view.size.columns)
    } catch {
      throw .memory(error)
    }
  }
}
