import Files

/// A network of one of the systems that ArSSR is compared with.
///
/// All but 3D-ESPCN take the LR image interpolated on the HR grid, whose corner voxels are those of the
/// LR grid, and make an image there. Layers are in the order of ``Convolution``, whatever the file's.
public struct RelatedNetwork: Sendable, Equatable {
  /// The layers of each kind.
  public enum Layers: Sendable, Equatable {
    /// With one image or two.
    case srrecnn3d(SRReCNN3D)
    case srcnn3d(SRCNN3D)
    case dcsrn(DCSRN)
    /// The encoder of that name with one channel out: `x + end(...)` is the result.
    case resCNN(ResCNN)
    case espcn3d(ESPCN3D)
  }

  /// What it computes.
  public var layers: Layers
  /// How intensities are brought to its range: `max`, `none`, `minmax`, `percentile:lo,hi`, `scale:v`.
  public var normalisation: String
  /// Whether values of the result below the smallest of the input become that.
  public var clampsBelow: Bool
  /// How the low resolution images were made that it was trained on, in the words of the file or else
  /// of the publication; nil where nobody says.
  public var degradation: String?
  /// The order of the kernels in the file it came from, and in one that is written.
  public var kernelAxes: KernelAxes
  /// What the user should know of the checkpoint.
  public var notices: [Notice]

  /// A network of given layers, with what its publication says of all the rest.
  public init(_ layers: Layers, kernelAxes: KernelAxes? = nil) {
    self.layers = layers
    let architecture = Self.architecture(of: layers)
    normalisation = architecture.publishedNormalisation
    clampsBelow = architecture.isOfDeepBrain
    degradation = architecture.publishedDegradation
    self.kernelAxes = kernelAxes ?? architecture.publishedKernelAxes
    notices = []
  }

  /// Which of the systems it is.
  public var architecture: Architecture { Self.architecture(of: layers) }

  private static func architecture(of layers: Layers) -> Architecture {
    switch layers {
    case .srrecnn3d(let network): network.images == 2 ? .srrecnn3dMulti : .srrecnn3d
    case .srcnn3d: .srcnn3d
    case .dcsrn: .dcsrn
    case .resCNN: .resCNN
    case .espcn3d: .espcn3d
    }
  }

  /// All convolutions in the order of the file.
  public var convolutions: [Convolution] {
    switch layers {
    case .srrecnn3d(let network): network.convolutions
    case .srcnn3d(let network): network.convolutions
    case .dcsrn(let network): network.convolutions
    case .resCNN(let network): network.convolutions
    case .espcn3d(let network): network.convolutions
    }
  }

  /// Images that it takes: 1, or 2 with a guide.
  public var images: Int { convolutions[0].inputs }

  /// Voxels to each side, of the grid that it runs on, that can change a voxel of the result.
  public var reach: Int { convolutions.reduce(0) { $0 + $1.reach } }

  /// The factor of a network that runs on the LR grid; nil for those that run on the HR grid, at any
  /// scale.
  public var fixedFactor: Int? {
    guard case .espcn3d(let network) = layers else { return nil }
    return network.factor
  }

  /// Voxels by which the image is continued on every side before the layers; they do not pad it then.
  public var edgePadding: Int {
    guard case .srcnn3d(let network) = layers else { return 0 }
    return network.padding
  }

  /// Whether the image is added to what the last layer makes.
  public var isResidual: Bool {
    switch layers {
    case .srrecnn3d(let network): network.isResidual
    case .dcsrn(let network): network.isResidual
    case .resCNN: true
    case .srcnn3d, .espcn3d: false
    }
  }

  /// Weights, biases, and those of normalisations, without their running statistics.
  public var parameterCount: Int {
    var count = convolutions.reduce(0) { $0 + $1.parameterCount }
    if case .dcsrn(let network) = layers {
      count += network.units.reduce(0) { $0 + 2 * $1.normalisation.channels }
    }
    return count
  }

  /// Multiply-accumulates per voxel of the grid that it runs on.
  public var operationsPerVoxel: Int { convolutions.reduce(0) { $0 + $1.operationsPerVoxel } }
}

extension Architecture {
  /// Whether it is one of the systems of the deepBrain project, which share their pipeline.
  var isOfDeepBrain: Bool {
    switch self {
    case .srrecnn3d, .srrecnn3dMulti, .srcnn3d: true
    default: false
    }
  }

  /// The intensities that its published program feeds it.
  var publishedNormalisation: String { isOfDeepBrain ? "max" : "none" }

  /// The order of its published program's arrays.
  public var publishedKernelAxes: KernelAxes { isOfDeepBrain ? .xyz : .zyx }

  /// How its published program makes low resolution images; nil where publications differ.
  public var publishedDegradation: String? {
    switch self {
    case .srrecnn3d, .srrecnn3dMulti, .srcnn3d:
      "Gaussian blur of 1 HR voxel (standard deviation), then a cubic spline, corner-aligned "
        + "(arssr degrade --operator corner --sigma 1)"
    case .espcn3d: "every r-th voxel, no blur (arssr degrade --operator origin)"
    default: nil
    }
  }

  /// What to cite where a network of this kind is used; nil for ArSSR's and for filters, whose models say
  /// it themselves.
  public var publishedCitation: String? {
    switch self {
    case .srrecnn3d, .srrecnn3dMulti, .srcnn3d:
      "Pham et al., ISBI 2017, 197-200; Pham et al., Comput. Med. Imaging Graph. 77, 2019, 101647"
    case .dcsrn: "Chen et al., ISBI 2018"
    case .resCNN: "Du et al., Neurocomputing 392, 2020"
    case .espcn3d: "GitHub zEttOn86/3D-ESPCN; Shi et al., CVPR 2016, 1874-1883"
    case .arssr, .gradientFilters: nil
    }
  }
}
