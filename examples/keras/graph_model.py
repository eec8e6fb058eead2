"""Writes a network as a TF.js GraphModel (model.json and weights.bin), which runs on every backend of Sluice."""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

_DTYPES = {np.dtype("float32"): "float32", np.dtype("int32"): "int32", np.dtype("bool"): "bool"}


def write_graph_model(function, columns, folder):
    """function: float32 [rows, columns] -> float32 [rows, 1]. Its variables become constants, and those the weights."""
    concrete = tf.function(function).get_concrete_function(
        tf.TensorSpec([None, columns], tf.float32, name="inputs")
    )
    frozen = convert_variables_to_constants_v2(concrete)
    graph = frozen.graph.as_graph_def()
    specs, weights = [], []
    for node in graph.node:
        if node.op != "Const":
            continue
        value = tf.make_ndarray(node.attr["value"].tensor)
        specs.append({"name": node.name, "shape": list(value.shape), "dtype": _DTYPES[value.dtype]})
        weights.append(np.ascontiguousarray(value).tobytes())
        # The value stands in weights.bin; the node keeps its type and shape.
        for field in ("tensor_content", "float_val", "int_val", "bool_val"):
            node.attr["value"].tensor.ClearField(field)
    (output,) = frozen.outputs
    (given,) = frozen.inputs
    model = {
        "format": "graph-model",
        "modelTopology": {**MessageToDict(graph), "versions": {"producer": graph.versions.producer}},
        "signature": {
            "inputs": {"inputs": {"name": given.name, "dtype": "DT_FLOAT"}},
            "outputs": {"output": {"name": output.name, "dtype": "DT_FLOAT"}},
        },
        "weightsManifest": [{"paths": ["weights.bin"], "weights": specs}],
    }
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weights.bin").write_bytes(b"".join(weights))
    (folder / "model.json").write_text(json.dumps(model) + "\n")
