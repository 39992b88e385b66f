import Degradation
import Files
import Volumes

/// The JSON beside a volume that `degrade` made: every number that is needed to make it again.
///
/// It holds nothing that differs between two runs that make the same voxels.
struct DegradeSidecar {
  private let prepared: PreparedDegradation
  private let outcome: DegradeOutcome
  private let output: VolumeOutput

  init(_ prepared: PreparedDegradation, _ outcome: DegradeOutcome, _ output: VolumeOutput) {
    self.prepared = prepared
    self.outcome = outcome
    self.output = output
  }

  private var request: DegradeRequest { prepared.request }
  private var degradation: DegradationRequest { request.degradation }

  var json: JSON {
    let sources = [request.input] + (request.mask.map { [$0] } ?? [])
    return .object([
      (
        "Description",
        .string("Made coarser by the operator \(prepared.method.rawValue) of arssr degrade.")
      ),
      ("Sources", .strings(sources.map(SidecarParts.name))),
      (
        "Resolution",
        SidecarParts.resolution(prepared.plan.grid, factors: prepared.factors, "coarser")
      ),
      ("Arssr", .object(details)),
    ])
  }

  private var details: [(key: String, value: JSON)] {
    let grid = prepared.plan.grid
    return [
      ("Schema", .string("arssr.degradation/1")),
      ("Version", .string(Arssr.version)),
      ("Operator", .string(prepared.method.rawValue)),
      ("Scale", scale),
      ("Axes", .array(prepared.plan.axes.map(Self.axis))),
      ("Spline", spline),
      ("FWHM", fullWidths),
      ("Deconvolve", .boolean(degradation.deconvolves)),
      ("Crop", .boolean(degradation.crops)),
      ("Noise", noise),
      ("Mask", .optional(request.mask.map(SidecarParts.name))),
      ("NonFinite", .string(request.nonFinite.rawValue)),
      (
        "Source",
        SidecarParts.source(
          prepared.input.header, frames: prepared.frames, digest: output.sourceDigest)
      ),
      ("Size", .integers(grid.size)),
      ("Spacing", .numbers(grid.affine.columnNorms.rounded(significant: 9))),
      ("DataType", .string(prepared.outputHeader().voxelType.name)),
      ("Saturated", .integer(output.saturatedCount)),
      ("Options", SidecarParts.options(request.recorded)),
      ("Warnings", .strings(prepared.console.warnings.map(\.message))),
    ]
  }

  /// The factors asked for; null where a spacing was.
  private var scale: JSON {
    guard case .scale(let scale) = degradation.target else { return .null }
    return .numbers(scale)
  }

  /// Voxel o of the result lies at Factor * o + Offset of the source.
  private static func axis(_ axis: AxisDegradation) -> JSON {
    .object([
      ("Voxels", .integer(axis.inputSize)), ("Used", .integer(axis.usedSize)),
      ("Result", .integer(axis.outputSize)), ("Factor", .number(axis.factor)),
      ("Offset", .number(axis.offset)), ("Sigma", .number(axis.sigma)),
      ("Frequencies", axis.keptFrequencies.map { .integer($0) } ?? .null),
    ])
  }

  private var spline: JSON {
    switch prepared.method {
    case .kspace, .kspaceBox, .block, .area: return .null
    case .cubic, .corner, .quadratic, .exact, .origin, .psf: break
    }
    let spline = degradation.spline
    return .object([
      ("Order", .integer(spline.order)), ("Interpolates", .boolean(spline.interpolates)),
      ("Edge", .string(spline.edge.rawValue)),
    ])
  }

  /// Of the slice profile, in mm; 0 where an axis stays.
  private var fullWidths: JSON {
    guard prepared.method == .psf else { return .null }
    var widths = degradation.fullWidths ?? prepared.plan.grid.affine.columnNorms
    for axis in 0..<3 where !prepared.plan.axes[axis].isSampled { widths[axis] = 0 }
    return .numbers(widths)
  }

  private var noise: JSON {
    guard let noise = request.noise else { return .null }
    let share: JSON =
      if case .share(let share) = noise.level { .number(share) } else { .null }
    return .object([
      ("Kind", .string(noise.kind.rawValue)), ("Share", share),
      ("Sigma", SidecarParts.each(outcome.noiseSigmas.map(JSON.number))),
      ("Seed", .string(String(noise.seed))), ("Generator", .string("philox4x32-10")),
    ])
  }
}
