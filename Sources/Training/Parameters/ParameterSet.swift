import Workers

/// Parameters that are moved together: all of a network, or what is added to them for some inputs.
final class ParameterSet {
  /// In the order of the layout.
  let values: AlignedBuffer<Float>
  let adam: Adam
  /// What is validated and exported; nil: the values themselves.
  let average: WeightAverage?

  /// Takes parameters.
  ///
  /// - Parameters:
  ///   - values: Where they begin.
  ///   - layout: Their order.
  ///   - settings: How they are moved.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    _ values: AlignedBuffer<Float>, _ layout: ParameterLayout, _ settings: TrainerSettings
  ) throws(WorkersError) {
    self.values = values
    adam = try Adam(layout, settings.adam)
    average = try settings.averageDecay.map { decay throws(WorkersError) in
      try WeightAverage(of: values.pointer, layout, decay: decay)
    }
  }

  /// What is validated and exported.
  var shipped: UnsafePointer<Float> { UnsafePointer((average?.values ?? values).pointer) }
}
