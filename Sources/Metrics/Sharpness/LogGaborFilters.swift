import Glibc
import KernelInterface

/// The filters of ``PhaseCoherence`` for slices of one size: log-Gabor functions of three scales and eight
/// orientations, each of one half-plane, so that responses are analytic.
struct LogGaborFilters: Sendable {
  static let orientations = 8
  /// Relative to the finest.
  static let scales = [1, 1.5, 2]

  let transform: ImageTransform
  /// `[orientation][scale]`; an inverse transform's divisor is in them.
  let filters: [[SpectrumFilter]]

  /// Prepares slices of `rows` by `columns` pixels.
  init(rows: Int, columns: Int, kernels: KernelTable) {
    transform = ImageTransform(rows: rows, columns: columns, kernels: kernels)
    let places = SpectrumPlaces(rows: rows, columns: columns)
    let bands = Self.scales.map { places.band(scale: $0) }
    filters = (0..<Self.orientations).map { orientation in
      let sector = places.sector(
        angle: Double(orientation) * Double.pi / Double(Self.orientations),
        spread: Double.pi / Double(Self.orientations) / 1.5)
      return bands.map { places.filter($0, sector) }
    }
  }
}

/// The frequencies of a transposed spectrum in polar coordinates, without the one at zero.
private struct SpectrumPlaces {
  private struct Place {
    let index: Int
    let radius: Double
    let angle: Double
  }

  private let places: [Place]
  private let rowStride: Int
  private let size: (rows: Int, columns: Int)

  init(rows: Int, columns: Int) {
    size = (rows, columns)
    let stride = FeatureLayout.paddedChannels(rows)
    rowStride = stride
    places = (0..<columns).flatMap { column in
      let u = Self.frequency(column, length: columns)
      return (0..<rows).compactMap { row -> Place? in
        guard row + column > 0 else { return nil }
        let v = Self.frequency(row, length: rows)
        return Place(
          index: column * stride + row, radius: (u * u + v * v).squareRoot(), angle: atan2(-v, u))
      }
    }
  }

  /// The frequency at an index of a spectrum; odd lengths reach one half, as the method has it.
  private static func frequency(_ index: Int, length: Int) -> Double {
    let signed = index < (length + 1) / 2 ? index : index - length
    return Double(signed) / Double(length % 2 == 0 ? length : length - 1)
  }

  /// A log-Gabor function around a quarter of the sampling frequency over `scale`, times a low-pass.
  func band(scale: Double) -> [Double] {
    places.map { place in
      let distance = log(4 * scale * place.radius) / log(0.75)
      return exp(-distance * distance / 2) / (1 + pow(place.radius / 0.45, 30))
    }
  }

  /// A Gaussian of the angle to an orientation, over the whole turn.
  func sector(angle: Double, spread: Double) -> [Double] {
    places.map { place in
      let turn = remainder(place.angle - angle, 2 * Double.pi)
      return exp(-turn * turn / (2 * spread * spread))
    }
  }

  /// Their product, over the inverse transform's divisor.
  func filter(_ band: [Double], _ sector: [Double]) -> SpectrumFilter {
    var factors = [Float](repeating: 0, count: size.columns * rowStride)
    for (number, place) in places.enumerated() {
      let factor = band[number] * sector[number]
      // Less than responses in float32 can show.
      guard factor > 0x1p-27 else { continue }
      factors[place.index] = Float(factor / Double(size.rows * size.columns))
    }
    return SpectrumFilter(factors, rowStride: rowStride)
  }
}
