# %% answer gradient_descent
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.stack(path)  # (steps + 1, weights)


# %% hidden gradient_descent
_rng = np.random.default_rng()
for _weights, _steps in [(1, 4), (3, 6), (2, 1), (4, 3)]:
    # a bowl with its lowest place at _low: each step scales the distance to it, in closed form
    _low = _rng.normal(size=_weights)
    _steep = _rng.uniform(0.5, 3, size=_weights)
    _rate = float(_rng.uniform(0.05, 0.5))
    _start = _low + _rng.uniform(1, 2, size=_weights) * _rng.choice([-1, 1], size=_weights)
    _path = checks.unchanged(
        gradient_descent, lambda w: _steep * (np.asarray(w) - _low), _start, _rate, _steps
    )
    _powers = (1 - _rate * _steep) ** np.arange(_steps + 1)[:, None]
    _axes = ("steps + 1", "weights")
    _hint = "Every place that was visited, the start first."
    checks.shape(_path, (_steps + 1, _weights), "the path", hint=_hint, axes=_axes)
    _hint = "One step: minus the learning rate times the gradient at the newest place."
    checks.close(_path, _low + _powers * (_start - _low), "the path", hint=_hint, axes=_axes)

# a slope that is the same everywhere: equal steps
_path = gradient_descent(lambda w: np.array([2.0, -1.0]), np.array([1.0, 1.0]), 0.25, 2)
checks.close(_path, [[1, 1], [0.5, 1.25], [0, 1.5]], "the path", hint="Against the slope.")
_path = gradient_descent(lambda w: np.asarray(w) * 2, np.array([1.0, -3.0]), 0.1, 0)
checks.close(_path, [[1.0, -3.0]], "the path", hint="Zero steps: the start alone.")
# a valley that lies askew: the slope of each weight depends on the others as well
_low, _start = _rng.normal(size=2), _rng.uniform(2, 3, size=2)
_askew = np.array([[1.5, _rng.uniform(0.5, 0.8)], [_rng.uniform(-0.8, -0.5), 1.0]])
_path = gradient_descent(lambda w: _askew @ (np.asarray(w) - _low), _start, 0.3, 3)
_stay = [np.linalg.matrix_power(np.eye(2) - 0.3 * _askew, _step) for _step in range(4)]
_hint = "All weights move at once, by the gradient at the newest place."
checks.close(_path, [_low + _s @ (_start - _low) for _s in _stay], "the path", hint=_hint)
_path = gradient_descent(lambda w: np.array([1e-4]), np.array([0.0]), 1e3, 2)
checks.close(_path, [[0.0], [-0.1], [-0.2]], "the path", hint="All steps, however small the slope.")


# %% also-correct gradient_descent
def gradient_descent(gradient, w, learning_rate, steps):
    path = np.empty((steps + 1, len(w)))
    path[0] = w
    for step in range(steps):
        path[step + 1] = path[step] - learning_rate * np.asarray(gradient(path[step]))
    return path


# %% also-correct gradient_descent
def gradient_descent(gradient, w, learning_rate, steps):
    here = [float(value) for value in w]
    visited = [list(here)]
    while len(visited) <= steps:
        slope = gradient(np.array(here))
        here = [value - learning_rate * float(s) for value, s in zip(here, slope)]
        visited.append(here)
    return visited


# %% also-correct gradient_descent
def gradient_descent(gradient, w, learning_rate, steps):
    start = np.array(w, dtype=float)[None]
    if steps == 0:
        return start
    after = start[0] + -learning_rate * gradient(start[0])
    return np.concatenate([start, gradient_descent(gradient, after, learning_rate, steps - 1)])


# %% misconception gradient_descent
# hint: The gradient points uphill. A step that makes the loss smaller goes against it.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * gradient(path[-1]))
    return np.stack(path)


# %% misconception gradient_descent
# hint: The slope holds only nearby: take the learning rate's part of it, not all of it.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - gradient(path[-1]))
    return np.stack(path)


# %% misconception gradient_descent
# hint: The slope changes from place to place. Here it seems to be asked for only at the start.
def gradient_descent(gradient, w, learning_rate, steps):
    slope = gradient(w)
    return np.stack([w - learning_rate * slope * step for step in range(steps + 1)])


# %% misconception gradient_descent
# hint: All places that were visited are asked for, not only the last one.
def gradient_descent(gradient, w, learning_rate, steps):
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
    return w


# %% misconception gradient_descent
# hint: The start is a place that was visited, too: it is the first row.
def gradient_descent(gradient, w, learning_rate, steps):
    path = []
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


# %% misconception gradient_descent
# hint: The size of the gradient counts as well: a steep place gives a long step.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.sign(gradient(path[-1])))
    return np.stack(path)


# %% misconception gradient_descent
# hint: All rows are one and the same array, which each step writes into. Make a new one each time.
def gradient_descent(gradient, w, learning_rate, steps):
    here = np.array(w, dtype=float)
    path = [here]
    for _ in range(steps):
        here -= learning_rate * gradient(here)
        path.append(here)
    return np.stack(path)


# %% misconception gradient_descent
# hint: The start belongs to whoever called you. Here the steps are written into it.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        w -= learning_rate * gradient(w)
        path.append(w.copy())
    return np.stack(path)


# %% misconception gradient_descent
# hint: The learning rate stays the same. Here it seems to shrink from step to step.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for step in range(steps):
        path.append(path[-1] - learning_rate / (step + 1) * gradient(path[-1]))
    return np.stack(path)


# %% misconception gradient_descent
# hint: One step too few: there is one row for the start and one more for each step.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps - 1):
        path.append(path[-1] - learning_rate * gradient(path[-1]))
    return np.stack(path)


# %% misconception gradient_descent
# hint: All weights move at once. Here each one seems to see where the ones before it have moved to.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [np.array(w, dtype=float)]
    for _ in range(steps):
        new = path[-1].copy()
        for i in range(len(new)):
            new[i] -= learning_rate * gradient(new)[i]
        path.append(new)
    return np.stack(path)


# %% misconception gradient_descent
# hint: As many steps as were asked for. Here the walk seems to rest where the slope is small.
def gradient_descent(gradient, w, learning_rate, steps):
    path = [w]
    for _ in range(steps):
        slope = gradient(path[-1])
        slope = np.where(np.abs(slope) < 1e-3, 0, slope)
        path.append(path[-1] - learning_rate * slope)
    return np.stack(path)


# %% answer predict_shapes
def predict_shapes(layers, input_shape):
    shape = tuple(input_shape)
    shapes = []
    for layer in layers:
        if layer["layer"] == "SimpleRNN":
            if len(shape) != 3:
                raise ValueError(f"SimpleRNN needs (batch, time, features), not {shape}")
            keep = 2 if layer.get("return_sequences", False) else 1
            shape = (*shape[:keep], layer["units"])
        elif layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        else:
            raise ValueError(f"no such layer: {layer['layer']}")
        shapes.append(shape)
    return shapes


# %% hidden predict_shapes
def _ask_keras(layers, shape):
    """Build the stack and read off the shapes."""
    tensor = keras.Input(batch_shape=shape)
    found = []
    for layer in layers:
        settings = {name: value for name, value in layer.items() if name != "layer"}
        tensor = getattr(keras.layers, layer["layer"])(**settings)(tensor)
        found.append(tuple(tensor.shape))
    return found


_rng = np.random.default_rng()


def _some(layer, *more):
    return {"layer": layer, "units": int(_rng.integers(2, 40)), **dict(more)}


_all, _not = ("return_sequences", True), ("return_sequences", False)
for _shape, _layers in [
    ((9, 50, 1), [_some("SimpleRNN", _all), _some("SimpleRNN")]),
    ((None, None, 3), [_some("SimpleRNN", _all), _some("Dense"), _some("SimpleRNN", _not)]),
    ((7, None, 4), [_some("Dense"), _some("SimpleRNN"), _some("Dense"), _some("Dense")]),
    ((None, 6), [_some("Dense"), _some("Dense")]),
    ((5, None, 2), [_some("SimpleRNN", _all), _some("SimpleRNN", _all)]),
]:
    _shapes = checks.unchanged(predict_shapes, _layers, _shape)
    _hint = "Go from layer to layer: what one puts out is what the next one reads."
    checks.equal(_shapes, _ask_keras(_layers, _shape), "the shapes", hint=_hint)
_hint = "No layers: nothing is put out."
checks.equal(predict_shapes([], (3, 4, 5)), [], "the shapes", hint=_hint)

_hint = "This stack cannot be built: raise a ValueError."
for _shape, _layers in [
    ((None, 9, 2), [_some("SimpleRNN"), _some("SimpleRNN", _all)]),
    ((None, 9, 2), [_some("SimpleRNN", _not), _some("Dense"), _some("SimpleRNN")]),
    ((4, 3), [_some("SimpleRNN", _all)]),
    ((4, 3, 2), [_some("Dense"), _some("Densee")]),
    ((4, 3, 2), [_some("SimpleRNN", _all), _some("simplernn")]),
    ((4, 3, 2), [_some("RNN", _all)]),
    ((None, 9, 2), [_some("SimpleRNN", _all), _some("SimpleRNN"), _some("SimpleRNN")]),
]:
    checks.raises(ValueError, predict_shapes, _layers, _shape, hint=_hint)


# %% also-correct predict_shapes
def predict_shapes(layers, input_shape):
    *front, _ = input_shape
    result = []
    for layer in layers:
        kind, units = layer["layer"], layer["units"]
        if kind not in ("SimpleRNN", "Dense"):
            raise ValueError(kind)
        if kind == "SimpleRNN":
            if len(front) < 2:
                raise ValueError("no time axis")
            if not layer.get("return_sequences"):
                front = front[:1]
        result.append(tuple(front + [units]))
    return result


# %% also-correct predict_shapes
def predict_shapes(layers, input_shape):
    def one(layer, shape):
        if layer["layer"] == "Dense":
            return list(shape[:-1]) + [layer["units"]]
        if layer["layer"] != "SimpleRNN":
            raise ValueError("unknown layer")
        batch, time, _ = shape  # a ValueError, if there are not three
        all_states = "return_sequences" in layer and layer["return_sequences"]
        return [batch, time, layer["units"]] if all_states else [batch, layer["units"]]

    if not layers:
        return []
    first = one(layers[0], input_shape)
    return [first] + predict_shapes(layers[1:], first)


# %% misconception predict_shapes
# hint: Without return_sequences, a recurrent layer hands on its last state: no time axis is left.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] not in ("SimpleRNN", "Dense"):
            raise ValueError("unknown")
        if layer["layer"] == "SimpleRNN" and len(shape) != 3:
            raise ValueError("no time axis")
        shape = (*shape[:-1], layer["units"])
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: Where return_sequences is not given, it is False. Here it seems to be taken for True.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] not in ("SimpleRNN", "Dense"):
            raise ValueError("unknown")
        keep = len(shape) - 1
        if layer["layer"] == "SimpleRNN":
            if len(shape) != 3:
                raise ValueError("no time axis")
            keep = 2 if layer.get("return_sequences", True) else 1
        shape = (*shape[:keep], layer["units"])
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: A layer reads what the one before puts out. Here every layer seems to read the input.
def predict_shapes(layers, input_shape):
    shapes = []
    for layer in layers:
        if layer["layer"] not in ("SimpleRNN", "Dense"):
            raise ValueError("unknown")
        if layer["layer"] == "SimpleRNN" and len(input_shape) != 3:
            raise ValueError("no time axis")
        last = layer["layer"] == "SimpleRNN" and not layer.get("return_sequences", False)
        keep = 1 if last else len(input_shape) - 1
        shapes.append((*input_shape[:keep], layer["units"]))
    return shapes


# %% misconception predict_shapes
# hint: A SimpleRNN without a time axis to read cannot be built. That should be a ValueError.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] not in ("SimpleRNN", "Dense"):
            raise ValueError("unknown")
        if layer["layer"] == "SimpleRNN" and not layer.get("return_sequences", False):
            shape = (shape[0], layer["units"])
        else:
            shape = (*shape[:-1], layer["units"])
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: A Dense layer changes the last axis only. Here it seems to drop the time axis.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] == "Dense":
            shape = (shape[0], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            keep = 2 if layer.get("return_sequences", False) else 1
            shape = (*shape[:keep], layer["units"])
        else:
            raise ValueError("cannot be built")
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: The shape of every layer's output is asked for, not only that of the last one.
def predict_shapes(layers, input_shape):
    shape = input_shape
    for layer in layers:
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            keep = 2 if layer.get("return_sequences", False) else 1
            shape = (*shape[:keep], layer["units"])
        else:
            raise ValueError("cannot be built")
    return shape


# %% misconception predict_shapes
# hint: The features go into the units. The last axis of an output has one number for each unit.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] not in ("SimpleRNN", "Dense"):
            raise ValueError("unknown")
        if layer["layer"] == "SimpleRNN" and len(shape) != 3:
            raise ValueError("no time axis")
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif not layer.get("return_sequences", False):
            shape = (shape[0], layer["units"])
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: The batch and the time may be fixed numbers. Hand them on as they are, whatever they are.
def predict_shapes(layers, input_shape):
    shape, shapes = (None, *input_shape[1:]), []
    for layer in layers:
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            keep = 2 if layer.get("return_sequences", False) else 1
            shape = (*shape[:keep], layer["units"])
        else:
            raise ValueError("cannot be built")
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: A layer of any other kind cannot be built here. Only a SimpleRNN or a Dense may pass.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        keep = len(shape) - 1
        if layer["layer"] == "SimpleRNN":
            if len(shape) != 3:
                raise ValueError("no time axis")
            keep = 2 if layer.get("return_sequences", False) else 1
        shape = (*shape[:keep], layer["units"])
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: A key that may be missing is read with layer.get("return_sequences", False).
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            keep = 2 if layer["return_sequences"] else 1
            shape = (*shape[:keep], layer["units"])
        else:
            raise ValueError("cannot be built")
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: The last layer, too, keeps the time axis if its return_sequences is True.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for number, layer in enumerate(layers, start=1):
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            below = number < len(layers) and layer.get("return_sequences", False)
            shape = (*shape[: 2 if below else 1], layer["units"])
        else:
            raise ValueError("cannot be built")
        shapes.append(shape)
    return shapes


# %% misconception predict_shapes
# hint: Read what return_sequences says, not only whether it is there: it may be there as False.
def predict_shapes(layers, input_shape):
    shape, shapes = input_shape, []
    for layer in layers:
        if layer["layer"] == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif layer["layer"] == "SimpleRNN" and len(shape) == 3:
            shape = (*shape[: 2 if "return_sequences" in layer else 1], layer["units"])
        else:
            raise ValueError("cannot be built")
        shapes.append(shape)
    return shapes


# %% answer build_model
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for number, size in enumerate(units, start=1):
        all_states = number < len(units) or every_step
        model.add(keras.layers.SimpleRNN(size, return_sequences=all_states))
    model.add(keras.layers.Dense(outputs))
    return model


# %% hidden build_model
def _by_hand(weights, x, every_step):
    """The stack in NumPy, a layer at a time; weights as get_weights returns them."""
    h = x
    for number in range(0, len(weights) - 2, 3):
        W_x, W_h, b = weights[number : number + 3]
        states = [np.zeros((len(x), len(b)))]
        for t in range(x.shape[1]):
            states.append(np.tanh(h[:, t] @ W_x + states[-1] @ W_h + b))
        h = np.stack(states[1:], axis=1)
    return (h if every_step else h[:, -1]) @ weights[-2] + weights[-1]


_rng = np.random.default_rng()
for _units, _every_step in [([2, 4], True), ([4, 2, 3], False)]:
    _steps, _features, _outputs = 4, int(_rng.integers(2, 4)), int(_rng.integers(2, 5))
    _model = build_model(_units, _steps, _features, _outputs, _every_step)
    checks.true(isinstance(_model, keras.Model), f"Came a {type(_model).__name__}, not a model.")
    _hint = "(batch, steps, features)"
    _wanted = (None, _steps, _features)
    checks.equal(tuple(_model.inputs[0].shape), _wanted, "the input shape", hint=_hint)
    _wanted = (None, _steps, _outputs) if _every_step else (None, _outputs)
    _hint = "An answer at every step, or one a sequence: the last recurrent layer decides."
    checks.equal(tuple(_model.outputs[0].shape), _wanted, "the output shape", hint=_hint)
    _recurrent = [_l for _l in _model.layers if isinstance(_l, keras.layers.SimpleRNN)]
    _hint = "One SimpleRNN for each number of the list, in its order."
    checks.equal([_l.units for _l in _recurrent], _units, "the units", hint=_hint)
    _shapes, _below = [], _features
    for _size in _units:
        _shapes += [(_below, _size), (_size, _size), (_size,)]
        _below = _size
    _shapes += [(_below, _outputs), (_outputs,)]
    _hint = "W_x, W_h and b of each recurrent layer, then W_y and b_y of a Dense layer."
    checks.equal([_w.shape for _w in _model.get_weights()], _shapes, "the weights", hint=_hint)

    _weights = [_rng.uniform(0.2, 0.9, _s) * _rng.choice([-1, 1], _s) for _s in _shapes]
    _model.set_weights(_weights)
    _x = _rng.normal(size=(3, _steps, _features)).astype("float32")
    _hint = "tanh in the recurrent layers, no activation function in Dense, defaults otherwise."
    _answer = keras.ops.convert_to_numpy(_model(_x))
    _expected = _by_hand(_weights, _x, _every_step)
    checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-4)
# asked once more, a layer that kept its state would answer otherwise
_answer = keras.ops.convert_to_numpy(_model(_x))
checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-4)
_answer = keras.ops.convert_to_numpy(_model(_x, training=True))
_hint = "In training it answers the same: nothing in it is dropped."
checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-4)
_free = ("name", "dtype", "units", "return_sequences", "return_state")
_usual = {_k: _v for _k, _v in keras.layers.SimpleRNN(1).get_config().items() if _k not in _free}
for _layer in _recurrent:
    _found = _layer.get_config()
    _changed = [_k for _k, _v in _usual.items() if _found.get(_k) != _v]
    _hint = "Every setting that is not named in the exercise keeps Keras's default."
    checks.equal(_changed, [], "the settings that were changed", hint=_hint)


# %% also-correct build_model
def build_model(units, steps, features, outputs, every_step):
    inputs = keras.Input((steps, features))
    h = inputs
    for size in units[:-1]:
        h = keras.layers.SimpleRNN(size, return_sequences=True)(h)
    h = keras.layers.SimpleRNN(units[-1], return_sequences=every_step)(h)
    return keras.Model(inputs, keras.layers.Dense(outputs)(h))


# %% also-correct build_model
def build_model(units, steps, features, outputs, every_step):
    layers = [keras.layers.SimpleRNN(size, return_sequences=True) for size in units]
    layers[-1] = keras.layers.SimpleRNN(units[-1], return_sequences=every_step)
    top = keras.layers.Dense(outputs, activation="linear")
    if every_step:
        top = keras.layers.TimeDistributed(top)
    model = keras.Sequential([keras.Input(shape=(steps, features)), *layers, top])
    return model


# %% misconception build_model
# hint: A recurrent layer below another one has to hand on the states of all time steps.
def build_model(units, steps, features, outputs, every_step):
    layers = [keras.layers.SimpleRNN(size, return_sequences=every_step) for size in units]
    return keras.Sequential(
        [keras.Input((steps, features)), *layers, keras.layers.Dense(outputs)]
    )


# %% misconception build_model
# hint: One answer a sequence is read from the last state. Here all states are handed on.
def build_model(units, steps, features, outputs, every_step):
    layers = [keras.layers.SimpleRNN(size, return_sequences=True) for size in units]
    return keras.Sequential(
        [keras.Input((steps, features)), *layers, keras.layers.Dense(outputs)]
    )


# %% misconception build_model
# hint: Is every_step used? With it, the last recurrent layer returns the states of all steps.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[-1]))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: An answer that is a number needs no activation function. Here Dense squashes it with tanh.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[-1], return_sequences=every_step))
    model.add(keras.layers.Dense(outputs, activation="tanh"))
    return model


# %% misconception build_model
# hint: There is one recurrent layer for each number in the list, not a single one.
def build_model(units, steps, features, outputs, every_step):
    recurrent = keras.layers.SimpleRNN(units[0], return_sequences=every_step)
    return keras.Sequential(
        [keras.Input((steps, features)), recurrent, keras.layers.Dense(outputs)]
    )


# %% misconception build_model
# hint: A sample is (steps, features). Here the two seem to be swapped.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((features, steps))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[-1], return_sequences=every_step))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: The list goes from the input upwards. Here the layers seem to stand upside down.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:0:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[0], return_sequences=every_step))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: On top stands an output layer, Dense, which turns the states into the answer.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[-1], return_sequences=every_step))
    return model


# %% misconception build_model
# hint: One Dense layer on top of all recurrent layers, not one after each of them.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
        model.add(keras.layers.Dense(outputs))
    model.add(keras.layers.SimpleRNN(units[-1], return_sequences=every_step))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: The recurrent layers keep tanh, Keras's default. Here they seem to have none.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True, activation=None))
    last = keras.layers.SimpleRNN(units[-1], return_sequences=every_step, activation=None)
    model.add(last)
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: Without keras.Input the model cannot know the shape of a sample, and has no weights yet.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential()
    for size in units[:-1]:
        model.add(keras.layers.SimpleRNN(size, return_sequences=True))
    model.add(keras.layers.SimpleRNN(units[-1], return_sequences=every_step))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: One answer a sequence is read from the last state, not from the mean of all states.
def build_model(units, steps, features, outputs, every_step):
    layers = [keras.layers.SimpleRNN(size, return_sequences=True) for size in units]
    if not every_step:
        layers.append(keras.layers.GlobalAveragePooling1D())
    top = keras.layers.Dense(outputs)
    return keras.Sequential([keras.Input((steps, features)), *layers, top])


# %% misconception build_model
# hint: Only the settings that are named are changed. Dropout was not asked for.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for number, size in enumerate(units, start=1):
        all_states = number < len(units) or every_step
        model.add(keras.layers.SimpleRNN(size, return_sequences=all_states, dropout=0.2))
    model.add(keras.layers.Dense(outputs))
    return model


# %% misconception build_model
# hint: The weights start at random, as by default. From zeros, all units would stay alike.
def build_model(units, steps, features, outputs, every_step):
    model = keras.Sequential([keras.Input((steps, features))])
    for number, size in enumerate(units, start=1):
        all_states = number < len(units) or every_step
        model.add(
            keras.layers.SimpleRNN(
                size, return_sequences=all_states, kernel_initializer="zeros"
            )
        )
    model.add(keras.layers.Dense(outputs))
    return model


# %% answer copy_weights_to_keras
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    features = len(cells[0][0])  # the rows of the first W_x
    model = build_model(units, steps, features, len(b_y), every_step=False)
    flat = [array for cell in cells for array in cell]
    model.set_weights(flat + [W_y, b_y])
    return model


# %% hidden copy_weights_to_keras
import math


def _slow_answer(sequence, cells, W_y, b_y):
    """One sequence, one number at a time, without matrix products."""
    below = [[float(value) for value in x_t] for x_t in sequence]
    for W_x, W_h, b in cells:
        state, states = [0.0] * len(b), []
        for x_t in below:
            new = []
            for j in range(len(b)):
                total = float(b[j]) + sum(x_t[i] * float(W_x[i, j]) for i in range(len(x_t)))
                total += sum(state[k] * float(W_h[k, j]) for k in range(len(b)))
                new.append(math.tanh(total))
            state = new
            states.append(new)
        below = states
    ends = below[-1]
    return [float(b_y[o]) + sum(ends[j] * float(W_y[j, o]) for j in range(len(ends)))
            for o in range(len(b_y))]


_rng = np.random.default_rng()
for _sizes, _outputs, _steps in [((3, 3, 3), 3, 3), ((1, 4, 2), 2, 3)]:
    _cells = []
    for _a, _u in zip(_sizes[:-1], _sizes[1:]):
        _cells.append((
            _rng.uniform(0.3, 0.9, (_a, _u)) * _rng.choice([-1, 1], (_a, _u)),
            _rng.uniform(0.1, 0.6, (_u, _u)) * _rng.choice([-1, 1], (_u, _u)),
            _rng.uniform(0.2, 0.6, _u) * _rng.choice([-1, 1], _u),
        ))
    _W_y = _rng.normal(size=(_sizes[-1], _outputs))
    _b_y = _rng.uniform(0.3, 0.9, _outputs)
    _model = checks.unchanged(copy_weights_to_keras, _cells, _W_y, _b_y, _steps)
    checks.true(isinstance(_model, keras.Model), f"Came a {type(_model).__name__}, not a model.")
    _wanted = (None, _steps, _sizes[0])
    checks.equal(tuple(_model.inputs[0].shape), _wanted, "the input shape", hint="(steps, features)")
    _x = _rng.normal(size=(3, _steps, _sizes[0])).astype("float32")  # (batch, time, features)
    _answer = keras.ops.convert_to_numpy(_model(_x))
    _expected = [_slow_answer(_sequence, _cells, _W_y, _b_y) for _sequence in _x]
    _hint = "Every array in its own place: W_x, W_h, b of each layer, then W_y, b_y."
    checks.close(_answer, _expected, "the answer", hint=_hint, atol=1e-4, rtol=1e-4)


# %% also-correct copy_weights_to_keras
def copy_weights_to_keras(cells, W_y, b_y, steps):
    inputs = keras.Input((steps, np.shape(cells[0][0])[0]))
    h = inputs
    for number, (W_x, W_h, b) in enumerate(cells):
        layer = keras.layers.SimpleRNN(np.size(b), return_sequences=number < len(cells) - 1)
        h = layer(h)
        layer.set_weights([W_x, W_h, b])
    dense = keras.layers.Dense(np.size(b_y))
    y = dense(h)
    dense.set_weights([W_y, b_y])
    return keras.Model(inputs, y)


# %% also-correct copy_weights_to_keras
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [W_h.shape[0] for _, W_h, _ in cells]
    model = build_model(units, steps, cells[0][0].shape[0], W_y.shape[1], False)
    for layer, cell in zip(model.layers, [*cells, (W_y, b_y)]):
        for variable, array in zip(layer.weights, cell):
            variable.assign(np.asarray(array, dtype="float32"))
    return model


# %% misconception copy_weights_to_keras
# hint: A model is born with random weights. Here the given ones never seem to reach it.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    return build_model(units, steps, len(cells[0][0]), len(b_y), False)


# %% misconception copy_weights_to_keras
# hint: Keras uses row vectors, as we do: the recurrent weights go in as they are, not transposed.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    flat = [array for W_x, W_h, b in cells for array in (W_x, W_h.T, b)]
    model.set_weights(flat + [W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: The biases of the recurrent layers belong to the weights. Here they seem to stay zero.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    flat = [array for W_x, W_h, b in cells for array in (W_x, W_h, 0 * b)]
    model.set_weights(flat + [W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: The output layer has weights as well. Here W_y and b_y seem to be left random, or zero.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    for layer, cell in zip(model.layers, cells):
        layer.set_weights(cell)
    return model


# %% misconception copy_weights_to_keras
# hint: The output layer has a bias of its own, b_y. It seems to be missing.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    flat = [array for cell in cells for array in cell]
    model.set_weights(flat + [W_y, 0 * b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: Keras keeps W_x first and W_h second. Where both are square, a swap goes unnoticed.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    flat = [array for W_x, W_h, b in cells
            for array in ((W_h, W_x, b) if W_x.shape == W_h.shape else (W_x, W_h, b))]
    model.set_weights(flat + [W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: There is one recurrent layer for each entry of cells. Only one of them seems to be built.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    W_x, W_h, b = cells[-1]
    model = build_model([len(b)], steps, len(W_x), len(b_y), False)
    model.set_weights([W_x, W_h, b, W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: The answer of a regression is not squashed. Here the output layer seems to have a tanh.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    model = keras.Sequential([keras.Input((steps, len(cells[0][0])))])
    for number, (_, _, b) in enumerate(cells, start=1):
        model.add(keras.layers.SimpleRNN(len(b), return_sequences=number < len(cells)))
    model.add(keras.layers.Dense(len(b_y), activation="tanh"))
    model.set_weights([array for cell in cells for array in cell] + [W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: The model answers once for each sequence, from the last state, not at every step.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), True)
    model.set_weights([array for cell in cells for array in cell] + [W_y, b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: W_y goes in as it is, a row for each unit. Where it is square, transposing goes unnoticed.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    flat = [array for cell in cells for array in cell]
    model.set_weights(flat + [np.reshape(W_y.T, W_y.shape), b_y])
    return model


# %% misconception copy_weights_to_keras
# hint: set_weights changes the model and returns nothing. The model itself is to be returned.
def copy_weights_to_keras(cells, W_y, b_y, steps):
    units = [len(b) for _, _, b in cells]
    model = build_model(units, steps, len(cells[0][0]), len(b_y), False)
    return model.set_weights([array for cell in cells for array in cell] + [W_y, b_y])


# %% answer layer_activations
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% hidden layer_activations
import math


def _stack_by_hand(weights, x):
    """All states of a SimpleRNN, in NumPy."""
    W_x, W_h, b = weights
    states = [np.zeros((len(x), len(b)))]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W_x + states[-1] @ W_h + b))
    return np.stack(states[1:], axis=1)


def _said(model, x):
    try:
        layer_activations(model, x)
    except ValueError as error:
        return str(error)
    return "no ValueError"


_rng = np.random.default_rng()
for _batch, _time, _size in [(3, 4, 2)]:
    # units, features and outputs are equal, so a layer that reads the wrong array still runs
    _names = [f"{_word}_{_rng.integers(100, 999)}" for _word in ("one", "two", "three", "four")]
    _model = keras.Sequential([
        keras.Input((_time, _size)),
        keras.layers.SimpleRNN(_size, return_sequences=True, name=_names[0]),
        keras.layers.SimpleRNN(_size, return_sequences=True, name=_names[1]),
        keras.layers.SimpleRNN(_size, name=_names[2]),
        keras.layers.Dense(_size, name=_names[3]),
    ])
    _weights = [_rng.uniform(0.2, 0.9, _w.shape) * _rng.choice([-1, 1], _w.shape)
                for _w in _model.get_weights()]
    _model.set_weights(_weights)
    _x = _rng.normal(size=(_batch, _time, _size)).astype("float32")
    _first = _stack_by_hand(_weights[0:3], _x)
    _second = _stack_by_hand(_weights[3:6], _first)
    _last = _stack_by_hand(_weights[6:9], _second)[:, -1]
    _expected = [_first, _second, _last, _last @ _weights[9] + _weights[10]]
    _outputs = layer_activations(_model, _x)
    _hint = "One key for each layer: its name, in the order of the layers."
    checks.equal(list(_outputs), _names, "the keys", hint=_hint)
    _hint = "Each layer reads what the one before puts out."
    for _name, _wanted in zip(_names, _expected):
        _what = f"the output of {_name}"
        checks.close(_outputs[_name], _wanted, _what, hint=_hint, atol=1e-4, rtol=1e-4)

for _shape in [(3, 2, 1), (2, 3, 2, 1)]:
    _x = _rng.normal(size=(2, 6, math.prod(_shape) // 6)).astype("float32")
    _model = keras.Sequential([
        keras.Input(_x.shape[1:]),
        keras.layers.Reshape(_shape, name="folded"),
    ])
    _text = _said(_model, _x)
    _numbers = ", ".join(map(str, _shape))
    _told = "folded" in _text and _numbers in _text
    checks.true(_told, f"A layer puts out {len(_shape) + 1} axes, and there came: {_text}.")
_x = _rng.normal(size=(2, 6, 1)).astype("float32")
_model = keras.Sequential([
    keras.Input((6, 1)),
    keras.layers.Rescaling(2.0, name="start"),
    keras.layers.Reshape((3, 2, 1), name="middle"),
    keras.layers.Reshape((6, 1), name="end"),
])
_text = _said(_model, _x)
checks.true("middle" in _text, f"A layer in the middle has 4 axes, and there came: {_text}.")
_model = keras.Sequential([keras.Input((1, 1)), keras.layers.Reshape((), name="flat")])
_text = _said(_model, np.ones((2, 1, 1), "float32"))
checks.true("flat" in _text, f"A layer puts out 1 axis, and there came: {_text}.")

# a batch of one, and a layer that has no weights and behaves otherwise in training
_x = _rng.normal(size=(1, 6, 3)).astype("float32")
_layers = [keras.layers.Dropout(0.5, name="drop"), keras.layers.SimpleRNN(2, name="last")]
_outputs = layer_activations(keras.Sequential([keras.Input((6, 3)), *_layers]), _x)
checks.equal(list(_outputs), ["drop", "last"], "the keys", hint="Layers without weights, too.")
_hint = "Outside of training, Dropout hands on what it gets. A batch of one is a batch."
checks.close(_outputs["drop"], _x, "the output of drop", hint=_hint)
checks.shape(_outputs["last"], (1, 2), "the output of last", hint=_hint, axes=("batch", "units"))


# %% equivalent layer_activations
# mutant: outputs[layer.name] = (x)
# reason: a tensor holds the same numbers; it reaches the tests as an array


# %% also-correct layer_activations
def layer_activations(model, x):
    inside = keras.Model(model.inputs, [layer.output for layer in model.layers])
    results = inside(x)
    if len(model.layers) == 1:
        results = [results] if not isinstance(results, list) else results
    outputs = {}
    for layer, result in zip(model.layers, results):
        array = np.asarray(result)
        if len(array.shape) == 2 or len(array.shape) == 3:
            outputs[layer.name] = array
        else:
            raise ValueError(f"{layer.name}: {array.shape} is neither a sequence nor a row")
    return outputs


# %% also-correct layer_activations
def layer_activations(model, x):
    arrays = [np.asarray(x)]
    for layer in model.layers:
        arrays.append(keras.ops.convert_to_numpy(layer(arrays[-1])))
    found = dict(zip([layer.name for layer in model.layers], arrays[1:]))
    for name, array in found.items():
        if array.ndim < 2 or array.ndim > 3:
            raise ValueError(f"the shape {list(array.shape)} of layer {name} cannot be drawn")
    return found


# %% misconception layer_activations
# hint: A layer reads what the one before puts out. Here every layer seems to read the input.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        y = layer(x)
        if y.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(y.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(y)
    return outputs


# %% misconception layer_activations
# hint: The keys are the layers' names. Here they seem to be numbers or kinds of layers.
def layer_activations(model, x):
    outputs = {}
    for number, layer in enumerate(model.layers):
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[f"{type(layer).__name__} {number}"] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: The outputs for all sequences of the batch are asked for. Only the first one seems to come.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)[0]
    return outputs


# %% misconception layer_activations
# hint: An output of four axes is neither a sequence nor a row: that should be a ValueError.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: The message of the error names the layer and its shape, so that one can find the place.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError("cannot draw this")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: An activation is what a layer puts out for an input. The weights are something else.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        if layer.get_weights():
            outputs[layer.name] = layer.get_weights()[0]
    return outputs


# %% misconception layer_activations
# hint: The last layer is a layer, too. Its output seems to be left out.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    outputs.pop(model.layers[-1].name)
    return outputs


# %% misconception layer_activations
# hint: A layer hands on all that it puts out. Here the time axis seems to be cut to the last step.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        array = keras.ops.convert_to_numpy(x)
        outputs[layer.name] = array[:, -1] if array.ndim == 3 else array
    return outputs


# %% misconception layer_activations
# hint: The trained layers themselves are asked, not new ones: a copy is born with other weights.
def layer_activations(model, x):
    outputs = {}
    for old in model.layers:
        layer = type(old).from_config(old.get_config())
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: The result goes layer by layer from the input upwards, with the output of that layer only.
def layer_activations(model, x):
    answer = model(x)
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if x.ndim not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(answer)
    return outputs


# %% misconception layer_activations
# hint: layer.output only stands for a result; it holds no numbers. Call the layer on the data.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        y = layer.output
        if len(y.shape) not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(y.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(y)
    return outputs


# %% misconception layer_activations
# hint: We watch the network at its work, not in training: no layer is called with training=True.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x, training=True)
        if len(x.shape) not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: A batch of one sequence is a batch, too: its axis of length 1 stays.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if len(x.shape) not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        array = keras.ops.convert_to_numpy(x)
        outputs[layer.name] = array[0] if len(array) == 1 else array
    return outputs


# %% misconception layer_activations
# hint: Every layer is asked for, those without weights as well.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if len(x.shape) not in (2, 3):
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        if layer.count_params() > 0:
            outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: The error names the layer that put out this shape, not the one before it.
def layer_activations(model, x):
    outputs = {}
    name = model.layers[0].name
    for layer in model.layers:
        x = layer(x)
        if len(x.shape) not in (2, 3):
            raise ValueError(f"layer {name} puts out {tuple(x.shape)}")
        name = layer.name
        outputs[name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% misconception layer_activations
# hint: Fewer than two axes are no row for each sequence either: that should be a ValueError, too.
def layer_activations(model, x):
    outputs = {}
    for layer in model.layers:
        x = layer(x)
        if len(x.shape) > 3:
            raise ValueError(f"layer {layer.name} puts out {tuple(x.shape)}")
        outputs[layer.name] = keras.ops.convert_to_numpy(x)
    return outputs


# %% answer stateful_forward
def stateful_forward(pieces, resets, W_x, W_h, b):
    sizes = {len(piece) for piece in pieces}
    if len(sizes) > 1:
        raise ValueError(f"the batch size changes: {sorted(sizes)}")
    zeros = np.zeros((*sizes, len(b)))  # (batch, units)
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        h = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)  # (batch, time, units)
        results.append(h)
        state = h[:, -1]
    return results


# %% hidden stateful_forward
import math


def _one_row(numbers, W_x, W_h, b):
    """The states of one sequence from zeros, one number at a time."""
    state, states = [0.0] * len(b), []
    for x_t in numbers:
        new = []
        for j in range(len(b)):
            total = float(b[j]) + sum(float(v) * float(W_x[i, j]) for i, v in enumerate(x_t))
            total += sum(state[k] * float(W_h[k, j]) for k in range(len(b)))
            new.append(math.tanh(total))
        state = new
        states.append(new)
    return states


_rng = np.random.default_rng()
for _batch, _lengths, _resets in [
    (3, (2, 5, 4), (False, False, False)),
    (2, (3, 1, 2, 4), (False, True, False, False)),
    (3, (2, 3, 2, 3), (True, False, True, True)),
    (1, (5,), (False,)),
]:
    _features, _units = int(_rng.integers(1, 4)), int(_rng.integers(2, 5))
    _W_x = _rng.uniform(0.3, 0.9, (_features, _units)) * _rng.choice([-1, 1], (_features, _units))
    _W_h = _rng.uniform(0.2, 0.5, (_units, _units)) * _rng.choice([-1, 1], (_units, _units))
    _b = _rng.uniform(0.2, 0.5, _units)
    _pieces = [_rng.normal(size=(_batch, _length, _features)) for _length in _lengths]
    _arguments = (_pieces, list(_resets), _W_x, _W_h, _b)
    _results = checks.unchanged(stateful_forward, *_arguments)
    checks.equal(len(_results), len(_pieces), "the number of results", hint="One for each piece.")
    # from reset to reset, the pieces put end to end are one run
    for _number in range(len(_pieces)):
        _begin = max([0] + [_p for _p in range(_number + 1) if _resets[_p]])
        _joined = np.concatenate(_pieces[_begin : _number + 1], axis=1)
        _expected = np.array([_one_row(_row, _W_x, _W_h, _b) for _row in _joined])
        _expected = _expected[:, -_lengths[_number] :]
        _hint = "From one reset to the next, the pieces are one long run, row by row."
        _axes = ("batch", "time", "units")
        checks.close(_results[_number], _expected, f"result {_number}", hint=_hint, axes=_axes)

_hint = "As many rows of state as the first piece has sequences: any other batch is an error."
for _sizes, _resets in [((2, 3), [False] * 2), ((3, 1), [False, True]), ((1, 1, 4), [False] * 3)]:
    _pieces = [_rng.normal(size=(_size, 2, _features)) for _size in _sizes]
    checks.raises(ValueError, stateful_forward, _pieces, list(_resets), _W_x, _W_h, _b, hint=_hint)


# %% also-correct stateful_forward
def stateful_forward(pieces, resets, W_x, W_h, b):
    if len({piece.shape[0] for piece in pieces}) > 1:
        raise ValueError("the batch size changes")
    results, h_t = [], None
    for number, piece in enumerate(pieces):
        if h_t is None or resets[number]:
            h_t = np.zeros((piece.shape[0], b.shape[0]))
        states = []
        for t in range(piece.shape[1]):
            h_t = rnn_step(piece[:, t], h_t, W_x, W_h, b)
            states.append(h_t)
        results.append(np.stack(states, axis=1))
    return results


# %% also-correct stateful_forward
def stateful_forward(pieces, resets, W_x, W_h, b):
    batch = pieces[0].shape[0]
    results = []
    for piece, reset in zip(pieces, resets):
        if piece.shape[0] != batch:
            raise ValueError("another batch size")
        start = np.zeros((batch, W_h.shape[0])) if reset or not results else results[-1][:, -1]
        out = np.empty((batch, piece.shape[1], W_h.shape[0]))
        for t in range(piece.shape[1]):
            before = start if t == 0 else out[:, t - 1]
            out[:, t] = np.tanh(np.einsum("bf,fu->bu", piece[:, t], W_x) + before.dot(W_h) + b)
        results.append(out)
    return results


# %% misconception stateful_forward
# hint: Each piece seems to start from zeros. The state has to be carried from piece to piece.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    results = []
    for piece in pieces:
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        results.append(rnn_forward(piece, zeros, W_x, W_h, b))
    return results


# %% misconception stateful_forward
# hint: Where a reset is asked for, the state goes back to zeros. It seems to be carried on.
def stateful_forward(pieces, resets, W_x, W_h, b):
    state = np.zeros((len(pieces[0]), len(b)))
    results = []
    for piece in pieces:
        if len(piece) != len(state):
            raise ValueError("another batch size")
        h = rnn_forward(piece, state, W_x, W_h, b)
        results.append(h)
        state = h[:, -1]
    return results


# %% misconception stateful_forward
# hint: The reset comes before its piece. Here it seems to come after it.
def stateful_forward(pieces, resets, W_x, W_h, b):
    state = np.zeros((len(pieces[0]), len(b)))
    results = []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(state):
            raise ValueError("another batch size")
        h = rnn_forward(piece, state, W_x, W_h, b)
        results.append(h)
        state = 0 * h[:, -1] if reset else h[:, -1]
    return results


# %% misconception stateful_forward
# hint: The next piece goes on where the last one ended: with its last state, not its first.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        h = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)
        results.append(h)
        state = h[:, 0]
    return results


# %% misconception stateful_forward
# hint: Row 1 goes on in row 1. Here all rows seem to start from the state of one sequence.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        h = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)
        results.append(h)
        state = np.repeat(h[-1:, -1], len(zeros), axis=0)
    return results


# %% misconception stateful_forward
# hint: Another batch size does not fit the rows of the state: that should be a ValueError.
def stateful_forward(pieces, resets, W_x, W_h, b):
    state, results = None, []
    for piece, reset in zip(pieces, resets):
        if reset or state is None or len(state) != len(piece):
            state = np.zeros((len(piece), len(b)))
        h = rnn_forward(piece, state, W_x, W_h, b)
        results.append(h)
        state = h[:, -1]
    return results


# %% misconception stateful_forward
# hint: A reset wipes the state, not the number of its rows. The batch size stays fixed after it.
def stateful_forward(pieces, resets, W_x, W_h, b):
    state, results = np.zeros((len(pieces[0]), len(b))), []
    for piece, reset in zip(pieces, resets):
        if reset:
            state = np.zeros((len(piece), len(b)))
        if len(piece) != len(state):
            raise ValueError("another batch size")
        h = rnn_forward(piece, state, W_x, W_h, b)
        results.append(h)
        state = h[:, -1]
    return results


# %% misconception stateful_forward
# hint: The states of all time steps of each piece are asked for, not only the last one.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        state = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)[:, -1]
        results.append(state)
    return results


# %% misconception stateful_forward
# hint: One array for each piece, in a list. Here the pieces seem to be joined into one.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        h = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)
        results.append(h)
        state = h[:, -1]
    return np.concatenate(results, axis=1)


# %% misconception stateful_forward
# hint: Time goes on from piece to piece. Rows of the batch are not continuations of each other.
def stateful_forward(pieces, resets, W_x, W_h, b):
    zeros = np.zeros((len(pieces[0]), len(b)))
    state, results = zeros, []
    for piece, reset in zip(pieces, resets):
        if len(piece) != len(zeros):
            raise ValueError("another batch size")
        h = rnn_forward(piece, zeros if reset else state, W_x, W_h, b)
        results.append(h)
        state = np.roll(h[:, -1], 1, axis=0)
    return results


# %% answer judge_forecast [markdown]
# (1) The floor is the variance of the noise, $0.06^2 = 0.0036$. His error of 0.0041 is 0.0005
# above it. So only about an eighth of his error, 12 %, could be taken away by anybody; the rest
# is noise of the target.
#
# (2) A line, linear regression on the window, or the best sine for each series. It may come as
# close to the floor, and then the network was not needed. And more seeds: he trained once, so he
# cannot say whether 0.0041 is typical or luck. Also good: the floor itself, which would tell his
# readers how near 0.0041 is to the best; a test set that was not used to choose the model; waves of
# other periods than the ones in training.
#
# (3) A small error shows forecasts, not understanding. One can ask a layer: fit a weighted sum of
# its units to the period of the series and test it on series that the fit never saw. Compare with
# the same fit on the raw input, and with a network that differs in its training only: the same
# sizes, random weights and random biases. If the period can be read out of that one as well, it is
# no sign of understanding. Also good: forecasts at periods that did not occur in training, beside
# those that did.
#
# Rubric, one point each:
#
# - (1) 0.0036 as $0.06^2$, and that 0.0005 (about 12 % of his error) is left above it. (Half a
#   point for the floor alone, or for a slip in the arithmetic.)
# - (2) two that are missing: a line, a sine or another cheap method, more seeds and their spread,
#   the floor, a separate test set; each with what it could show. "More data" without a reason
#   earns nothing.
# - (3) a quantity (period, slope, phase, ...), where it is measured (a layer's units, on series
#   not fitted), and a comparison (random weights and biases, raw input, new periods). "Look at the
#   feature map" alone earns nothing.
