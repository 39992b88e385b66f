import Degradation
import Reports
import Volumes
import Workers

/// What a report shows of volumes on one grid, gathered layer by layer, so that two volumes need be
/// in memory at a time.
struct ReportContent {
  /// One volume of the report.
  struct Layer {
    enum Kind: String {
      case image
      /// Differences around 0.
      case signed
    }

    let id: String
    let name: String
    let kind: Kind
    let note: String
    let histogram: IntensityHistogram?
    /// Along i, j, k, with the voxels' spacing.
    let spectra: [(power: LineSpectrum, spacing: Double)]
    /// Along i, j, k.
    let steps: [PlaneSteps]
  }

  /// Bytes that pictures may take: what the whole file may have, less page and figures.
  private static let pictureBytes = 5_500_000

  let grid: Grid
  let window: GrayRange
  private(set) var layers: [Layer] = []
  private(set) var album: SliceAlbum
  private let pool: WorkerPool

  /// Black and white.
  struct GrayRange {
    let low: Double
    let high: Double

    /// From the value that 0.1 % lie below to the one that 0.1 % lie above.
    init(_ voxels: [Float]) {
      let map = IntensityMap.measured(.percentile(0.1, 99.9), voxels: voxels)
      (low, high) = (map.low, map.high)
    }

    var picture: GrayWindow { .range(low: low, high: high) }
  }

  /// Begins with the result, which decides about window and slices.
  ///
  /// - Parameters:
  ///   - result: All voxels finite.
  ///   - layer: What it is called.
  ///   - layerCount: Layers that there will be.
  ///   - pool: Does the work.
  /// - Throws: If the system refuses memory.
  init(
    _ result: Volume, as layer: (id: String, name: String), layerCount: Int, pool: WorkerPool
  ) throws(Failure) {
    grid = result.grid
    window = GrayRange(result.voxels)
    self.pool = pool
    album = SliceAlbum(
      first: result, window: window.picture, layers: layerCount, bytes: Self.pictureBytes,
      pool: pool)
    layers = [try measured(result.voxels, layer)]
  }

  /// Adds a volume of the grid.
  mutating func add(
    _ voxels: [Float], as layer: (id: String, name: String)
  ) throws(Failure) {
    album.add(voxels, window: window.picture, pool: pool)
    layers.append(try measured(voxels, layer))
  }

  /// Adds the volume that the result was made from, by its nearest voxels.
  ///
  /// Its spectra and its histogram are its own; it has no seams to look for.
  mutating func addInput(_ input: Volume) throws(Failure) {
    let onGrid = try resampled(input, by: .nearest)
    album.add(onGrid, window: window.picture, pool: pool)
    layers.append(
      Layer(
        id: "input", name: "input", kind: .image,
        note: "The input is shown by its nearest voxels.",
        histogram: IntensityHistogram(input.voxels, low: window.low, high: window.high),
        spectra: try spectra(input.voxels, input.grid), steps: []))
  }

  /// Adds differences on another grid, by its nearest voxels; from `limit` on they have full colour.
  mutating func addDifferences(
    _ volume: Volume, id: String, name: String, limit: Double
  ) throws(Failure) {
    album.add(
      try resampled(volume, by: .nearest), window: .signed(limit: limit), pool: pool)
    layers.append(
      Layer(
        id: id, name: name, kind: .signed,
        note: "\(name.prefix(1).uppercased())\(name.dropFirst()): full colour from ± "
          + "\(NumberText.short(limit, significant: 3)) on; orange above, blue below.",
        histogram: nil, spectra: [], steps: []))
  }

  /// A volume of another grid on this one; outside its field of view 0.
  func resampled(_ volume: Volume, by method: InterpolationMethod) throws(Failure) -> [Float] {
    let sampling = try Failure.of { () throws(GridError) in
      try volume.grid.target(.like(grid)).sampling
    }
    let prepared = PreparedSampling(sampling, inputSize: volume.grid.size, method: method)
    return Interpolator(voxels: volume.voxels, sampling: prepared, pool: pool)
      .interpolated(pool: pool)
  }

  /// Keeps the pictures within their bytes; to be called when all layers are there.
  mutating func finish() { album.fit(bytes: Self.pictureBytes) }

  private func measured(
    _ voxels: [Float], _ layer: (id: String, name: String)
  ) throws(Failure) -> Layer {
    Layer(
      id: layer.id, name: layer.name, kind: .image, note: "",
      histogram: IntensityHistogram(voxels, low: window.low, high: window.high),
      spectra: try spectra(voxels, grid),
      steps: (0..<3).map { PlaneSteps(voxels, size: grid.size, axis: $0, pool: pool) })
  }

  private func spectra(
    _ voxels: [Float], _ grid: Grid
  ) throws(Failure) -> [(power: LineSpectrum, spacing: Double)] {
    try Failure.ofWorkers { () throws(WorkersError) in
      var spectra: [(power: LineSpectrum, spacing: Double)] = []
      for axis in 0..<3 {
        let power = try LineSpectrum(voxels, size: grid.size, axis: axis, pool: pool)
        spectra.append((power, grid.affine.columnNorms[axis]))
      }
      return spectra
    }
  }
}
