import Volumes
import Workers

/// Slices of several volumes of one grid as PNG pictures within a number of bytes.
///
/// Layers are added one after the other, so that only one volume need be in memory. How many slices
/// of a plane there are follows from what those of the first layer take; where later ones take
/// more, every n-th is left out in the end.
public struct SliceAlbum: Sendable {
  /// One plane of the grid.
  public struct Plane: Sendable {
    /// How its slices hang.
    public let geometry: PlaneGeometry
    /// The slices shown, rising.
    public fileprivate(set) var numbers: [Int]
    /// PNG files: `[layer][slice]`.
    fileprivate var pictures: [[[UInt8]]] = []
    /// The middle of the square with most structure, in millimetres from the upper left.
    public let detail: SIMD2<Double>

    /// The picture of a slice of a layer, in base 64.
    public func text(layer: Int, slice: Int) -> String {
      Base64.text(pictures[layer][slice])
    }
  }

  /// Axial, coronal, sagittal.
  public private(set) var planes: [Plane]

  /// Bytes that PNG pictures of this many bytes take in base 64.
  private static func textBytes(_ bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

  /// Chooses slices by the volume that will be the first layer, which is added.
  ///
  /// - Parameters:
  ///   - first: The volume with most structure: the result.
  ///   - window: Its gray window.
  ///   - layers: Layers that there will be.
  ///   - bytes: What the pictures may take, as text.
  ///   - pool: Shares the pictures.
  public init(first: Volume, window: GrayWindow, layers: Int, bytes: Int, pool: WorkerPool) {
    let geometries = PatientPlane.allCases.map { PlaneGeometry(first.grid, plane: $0) }
    let ranges = geometries.map { Self.objectRange($0, first.voxels) }
    // What one slice of each plane takes, by three slices of the object.
    let costs = zip(geometries, ranges).map { geometry, range -> Int in
      let probes = [1, 2, 3].map { range.lowerBound + range.count * $0 / 4 }
      let pictures = Self.pictures(geometry, probes, of: first.voxels, window, pool)
      return pictures.reduce(0) { $0 + Self.textBytes($1.count) } / probes.count
    }
    let wanted = max(3, bytes / max(1, layers * costs.reduce(0, +)))
    planes = zip(geometries, ranges).map { geometry, range in
      Plane(
        geometry: geometry, numbers: Self.spread(wanted, over: range),
        detail: Self.detail(geometry, range, first.voxels, window))
    }
    add(first.voxels, window: window, pool: pool)
  }

  /// Adds a layer: all voxels of the grid.
  public mutating func add(_ voxels: [Float], window: GrayWindow, pool: WorkerPool) {
    for index in planes.indices {
      let plane = planes[index]
      planes[index].pictures.append(
        Self.pictures(plane.geometry, plane.numbers, of: voxels, window, pool))
    }
  }

  /// Leaves out slices, evenly, until the pictures take at most so many bytes as text.
  public mutating func fit(bytes: Int) {
    while true {
      let taken = planes.joinedPictures.reduce(0) { $0 + Self.textBytes($1.count) }
      let most = planes.map(\.numbers.count).max() ?? 0
      guard taken > bytes, most > 1 else { return }
      let share = Double(bytes) / Double(taken)
      for index in planes.indices {
        let count = planes[index].numbers.count
        let kept = Self.spread(max(1, min(count - 1, Int(Double(count) * share))), over: 0..<count)
        planes[index].numbers = kept.map { planes[index].numbers[$0] }
        planes[index].pictures = planes[index].pictures.map { layer in kept.map { layer[$0] } }
      }
    }
  }

  /// The slices from the first to the last that hold more than their lowest value anywhere.
  private static func objectRange(_ geometry: PlaneGeometry, _ voxels: [Float]) -> Range<Int> {
    let lowest = voxels.min() ?? 0
    func holdsObject(_ number: Int) -> Bool {
      // A slice with hardly a voxel of the object shows nothing.
      let values = geometry.slice(number, of: voxels)
      return values.reduce(0) { $0 + ($1 > lowest ? 1 : 0) } * 200 > values.count
    }
    guard let first = (0..<geometry.count).first(where: holdsObject),
      let last = (0..<geometry.count).last(where: holdsObject)
    else { return 0..<geometry.count }
    return first..<(last + 1)
  }

  /// `count` numbers of a range at even distances, the middle among them.
  private static func spread(_ count: Int, over range: Range<Int>) -> [Int] {
    guard count < range.count else { return Array(range) }
    return (0..<count).map { range.lowerBound + (2 * $0 + 1) * range.count / (2 * count) }
  }

  private static func pictures(
    _ geometry: PlaneGeometry, _ numbers: [Int], of voxels: [Float], _ window: GrayWindow,
    _ pool: WorkerPool
  ) -> [[UInt8]] {
    [[UInt8]](unsafeUninitializedCapacity: numbers.count) { pictures, filled in
      if let base = pictures.baseAddress {
        pool.run(numbers.count) { item, _ in
          let levels = geometry.slice(numbers[item], of: voxels).map(window.level)
          (base + item).initialize(
            to: GrayPicture(width: geometry.width, height: geometry.height, levels: levels)
              .encoded())
        }
      }
      filled = numbers.count
    }
  }

  /// The middle of the richest square of the middle slice.
  private static func detail(
    _ geometry: PlaneGeometry, _ range: Range<Int>, _ voxels: [Float], _ window: GrayWindow
  ) -> SIMD2<Double> {
    guard case .range(let low, let high) = window, high > low else { return geometry.extent / 2 }
    let slice = SliceImage(
      geometry, number: (range.lowerBound + range.upperBound) / 2, voxels: voxels)
    let side = min(geometry.extent.x, geometry.extent.y) / 4
    let square = slice.richestSquare(side: side, window: IntensityMap(low: low, high: high))
    return square.structure > 0 ? square.corner + side / 2 : geometry.extent / 2
  }
}

extension [SliceAlbum.Plane] {
  fileprivate var joinedPictures: [[UInt8]] { flatMap { $0.pictures.flatMap { $0 } } }
}
