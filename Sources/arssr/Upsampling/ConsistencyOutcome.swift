import Degradation

/// How well a frame agrees with its input when it is measured again.
struct ConsistencyOutcome {
  /// Blur of the measurement along the input's axes, FWHM over spacing.
  let widths: SIMD3<Double>
  /// Of the result as it is written.
  let agreement: Agreement
  /// What back-projection did; nil where there was none.
  let projection: BackProjection.Outcome?

  /// The form of the sidecar.
  var json: JSON {
    var members: [(key: String, value: JSON)] = [
      ("Width", .numbers(widths)), ("Voxels", .integer(agreement.voxels)),
      ("Noise", agreement.noise.map { .number($0) } ?? .null),
    ]
    members += Self.members(agreement)
    members.append(("Rounds", projection.map { .integer($0.rounds) } ?? .null))
    members.append(("Before", projection.map { .object(Self.members($0.before)) } ?? .null))
    return .object(members)
  }

  private static func members(_ agreement: Agreement) -> [(key: String, value: JSON)] {
    [
      ("RMS", .number(agreement.rootMeanSquare)), ("Largest", .number(agreement.largest)),
      ("BeyondNoise", agreement.shareBeyondNoise.map { .number($0) } ?? .null),
    ]
  }
}
