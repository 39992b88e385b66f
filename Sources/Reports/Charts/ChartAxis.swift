import Glibc

/// The numbers along one side of a chart: round ones, few enough to be read.
struct ChartAxis {
  /// The ends of the axis, ticks themselves.
  let low: Double
  let high: Double
  private let step: Double
  private let decimals: Int

  /// The axis on which all values lie; from 0 to 1 where there are none.
  init(covering values: [Double]) {
    let (first, last) = (values.min() ?? 0, values.max() ?? 1)
    // A level curve lies in the middle of its chart.
    let margin = first == last ? max(abs(first), 1) / 2 : 0
    let extent = last - first + 2 * margin
    // Steps of 1, 2 or 5 times a power of ten, five of them or a few more.
    let power = pow(10, (log10(extent / 5)).rounded(.down))
    step = [1, 2, 5, 10].map { $0 * power }.first { extent / $0 <= 6 } ?? 10 * power
    low = ((first - margin) / step).rounded(.down) * step
    high = max(low + step, ((last + margin) / step).rounded(.up) * step)
    decimals = max(0, -Int(log10(step).rounded(.down)))
  }

  /// 0 at the low end, 1 at the high end.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  /// The numbers that are written.
  var ticks: [Double] {
    (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step }
  }

  /// A number as it is written.
  func text(_ value: Double) -> String {
    let rounded = abs(value) < step / 1000 ? 0 : value
    // The longest double has 309 digits before the point.
    let room = 330 + decimals
    return withVaList([rounded]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { text in
        vsnprintf(text.baseAddress, room, "%.\(decimals)f", arguments)
        return text.baseAddress.map { String(cString: $0) } ?? ""
      }
    }
  }
}
