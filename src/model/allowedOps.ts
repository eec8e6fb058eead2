/**
 * TensorFlow operations that a model may have. A graph can read and write files, call out and keep state; what is
 * not listed is refused before the graph is loaded. There are no loops: whatever is on the lists comes to an end.
 */

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')

/** Run for each batch: they compute from their inputs, the constants and the variables, and change nothing. */
export const scoringOps: ReadonlySet<string> = new Set(
  words(`
    Const Identity IdentityN NoOp Placeholder PlaceholderWithDefault StopGradient PreventGradient EnsureShape
    VarHandleOp ReadVariableOp ResourceGather DisableCopyOnRead PartitionedCall StatefulPartitionedCall
    StatelessIf
    Add AddN AddV2 Sub Mul MulNoNan Div DivNoNan RealDiv FloorDiv FloorMod Mod TruncateDiv TruncateMod Pow
    SquaredDifference Maximum Minimum BiasAdd BiasAddV1
    Abs Acos Acosh Asin Asinh Atan Atan2 Atanh Ceil Cos Cosh Erf Erfc Exp Expm1 Floor Inv Log Log1p Neg Reciprocal
    Rint Round Rsqrt Sign Sin Sinh Sqrt Square Tan Tanh Xlogy Xlog1py
    Elu LeakyRelu LogSoftmax Prelu Relu Relu6 Selu Sigmoid Softmax Softplus Softsign ClipByValue
    Equal NotEqual Greater GreaterEqual Less LessEqual ApproximateEqual LogicalAnd LogicalNot LogicalOr
    IsFinite IsInf IsNan Select SelectV2 Where
    All Any ArgMax ArgMin Bincount Cumprod Cumsum DenseBincount Max Mean Min Prod Sum LogSumExp
    SegmentSum UnsortedSegmentSum
    BatchMatMul BatchMatMulV2 BatchMatMulV3 Einsum MatMul _FusedMatMul
    FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3
    BroadcastArgs BroadcastTo Cast ConcatV2 Concat ExpandDims Fill Gather GatherNd GatherV2 OneHot OnesLike Pack Pad
    PadV2 Range Rank Reshape ReverseV2 Bucketize SearchSorted LowerBound UpperBound
    ScatterNd Shape ShapeN Size Slice Split SplitV Squeeze StridedSlice Tile TopKV2 Transpose Unpack ZerosLike
    Conv1D Conv2D MaxPool AvgPool
  `),
)

/** Run once, when a SavedModel is loaded: they bring the variables in. */
export const restoringOps: ReadonlySet<string> = new Set([
  ...scoringOps,
  ...words('RestoreV2 AssignVariableOp StringJoin'),
])

/** Found in what Keras exports beside what is ever run here: saving, training, dropout, gradients. */
export const idleOps: ReadonlySet<string> = new Set([
  ...restoringOps,
  ...words(`
    SaveV2 MergeV2Checkpoints ShardedFilename StaticRegexFullMatch
    AssignAddVariableOp AssignSubVariableOp
    RandomUniform RandomStandardNormal StatelessRandomUniformV2 StatelessRandomGetKeyCounter StatelessRandomGetAlg
    EluGrad LeakyReluGrad Relu6Grad ReluGrad RsqrtGrad SeluGrad SigmoidGrad SoftplusGrad SoftsignGrad SqrtGrad
    TanhGrad BiasAddGrad FusedBatchNormGradV3 BroadcastGradientArgs InvertPermutation
  `),
])

/** Layers of TF.js that only compute from their input and their weights. */
export const layerClasses: ReadonlySet<string> = new Set(
  words(`
    Sequential Functional Model InputLayer
    Dense Embedding Flatten Reshape Permute RepeatVector Masking
    Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax
    BatchNormalization LayerNormalization
    Dropout SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout
    Add Multiply Average Maximum Minimum Concatenate Dot
  `),
)
