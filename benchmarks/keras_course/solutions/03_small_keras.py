# %% answer build_model
def build_model(features, units, outputs):
    return keras.Sequential(
        [
            keras.Input((None, features)),
            keras.layers.SimpleRNN(units, return_sequences=True),
            keras.layers.Dense(outputs),
        ]
    )


# %% hidden build_model
_rng = np.random.default_rng()
for _features, _units, _outputs in [(1, 2, 3), (3, 4, 2)]:
    _model = build_model(_features, _units, _outputs)
    _x = _rng.normal(size=(2, 5, _features))
    _weights = [_rng.normal(size=np.shape(weight)) / 2 for weight in _model.get_weights()]
    checks.equal(len(_weights), 5, "the number of weight arrays")
    _model.set_weights(_weights)
    _W_x, _W_h, _b, _W_y, _c = _weights
    _h, _y = np.zeros((2, _units)), []
    for _t in range(5):
        _h = np.tanh(_x[:, _t] @ _W_x + _h @ _W_h + _b)
        _y.append(_h @ _W_y + _c)
    checks.close(_model(_x), np.stack(_y, axis=1), "the model's output", atol=1e-3)


# %% also-correct build_model
def build_model(features, units, outputs):
    inputs = keras.Input((None, features))
    states = keras.layers.SimpleRNN(units, return_sequences=True)(inputs)
    return keras.Model(inputs, keras.layers.Dense(outputs)(states))


# %% also-correct build_model
def build_model(features, units, outputs):
    model = keras.Sequential()
    model.add(keras.Input((None, features)))
    model.add(keras.layers.SimpleRNN(units, activation="tanh", return_sequences=True))
    model.add(keras.layers.Dense(outputs, activation="linear"))
    return model


# %% misconception build_model
# hint: Every time step has an output. Here only the last one seems to have.
def build_model(features, units, outputs):
    return keras.Sequential(
        [
            keras.Input((None, features)),
            keras.layers.SimpleRNN(units),
            keras.layers.Dense(outputs),
        ]
    )


# %% misconception build_model
# hint: The number of units and the number of outputs seem to be swapped.
def build_model(features, units, outputs):
    return keras.Sequential(
        [
            keras.Input((None, features)),
            keras.layers.SimpleRNN(outputs, return_sequences=True),
            keras.layers.Dense(units),
        ]
    )


# %% misconception build_model
# hint: The output layer adds up; it does not squash.
def build_model(features, units, outputs):
    return keras.Sequential(
        [
            keras.Input((None, features)),
            keras.layers.SimpleRNN(units, return_sequences=True),
            keras.layers.Dense(outputs, activation="sigmoid"),
        ]
    )


# %% answer copy_weights
def copy_weights(W_x, W_h, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    model = keras.Sequential([keras.Input((None, len(W_x))), layer])
    layer.set_weights([W_x, W_h, b])
    return model


# %% hidden copy_weights
_rng = np.random.default_rng()
for _features, _units in [(1, 3), (3, 2), (4, 4)]:
    _W_x = _rng.normal(size=(_features, _units)) / 2
    _W_h = _rng.normal(size=(_units, _units)) / 2
    _b = _rng.normal(size=_units)
    _x = _rng.normal(size=(2, 6, _features))
    _h, _states = np.zeros((2, _units)), []
    for _t in range(6):
        _h = np.tanh(_x[:, _t] @ _W_x + _h @ _W_h + _b)
        _states.append(_h)
    checks.close(copy_weights(_W_x, _W_h, _b)(_x), np.stack(_states, 1), "the states", atol=1e-3)


# %% also-correct copy_weights
def copy_weights(W_x, W_h, b):
    inputs = keras.Input((None, W_x.shape[0]))
    model = keras.Model(inputs, keras.layers.SimpleRNN(W_x.shape[1], return_sequences=True)(inputs))
    model.set_weights([W_x, W_h, b])
    return model


# %% also-correct copy_weights
def copy_weights(W_x, W_h, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    layer.build((None, None, len(W_x)))
    model = keras.Sequential([keras.Input((None, len(W_x))), layer])
    for variable, value in zip(layer.weights, (W_x, W_h, b)):
        variable.assign(value)
    return model


# %% misconception copy_weights
# hint: A column of W_h belongs to a new unit. Here it seems to be transposed.
def copy_weights(W_x, W_h, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    model = keras.Sequential([keras.Input((None, len(W_x))), layer])
    layer.set_weights([W_x, W_h.T, b])
    return model


# %% misconception copy_weights
# hint: The bias is a weight, too. It seems to be left at zero.
def copy_weights(W_x, W_h, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    model = keras.Sequential([keras.Input((None, len(W_x))), layer])
    layer.set_weights([W_x, W_h, 0 * b])
    return model


# %% misconception copy_weights
# hint: The layer has weights of its own, drawn at random. Nothing seems to be copied.
def copy_weights(W_x, W_h, b):
    layer = keras.layers.SimpleRNN(len(b), return_sequences=True)
    return keras.Sequential([keras.Input((None, len(W_x))), layer])


# %% answer layer_activations
def layer_activations(model, x):
    activations = []
    for layer in model.layers:
        x = layer(x)
        activations.append(np.asarray(x))
    return activations


# %% hidden layer_activations
_rng = np.random.default_rng()
_model = keras.Sequential(
    [
        keras.Input((None, 2)),
        keras.layers.SimpleRNN(3, return_sequences=True),
        keras.layers.GRU(2, return_sequences=True),
        keras.layers.Dense(1),
    ]
)
_x = _rng.normal(size=(2, 7, 2)).astype("float32")
_activations = layer_activations(_model, _x)
checks.equal(len(_activations), 3, "the number of arrays")
for _layer, _activation in zip(_model.layers, _activations):
    _x = _layer(_x)
    checks.close(_activation, _x, "a layer's output", atol=1e-3)


# %% also-correct layer_activations
def layer_activations(model, x):
    outputs = [layer.output for layer in model.layers]
    return [np.asarray(y) for y in keras.Model(model.inputs[0], outputs)(x)]


# %% misconception layer_activations
# hint: A layer's input is the output of the layer before it, not the model's input.
def layer_activations(model, x):
    return [np.asarray(model.layers[0](x)) for layer in model.layers]


# %% misconception layer_activations
# hint: The last layer's output belongs to the list, too.
def layer_activations(model, x):
    activations = []
    for layer in model.layers[:-1]:
        x = layer(x)
        activations.append(np.asarray(x))
    return activations


# %% misconception layer_activations
# hint: What is asked for is what layers give for an input, not their weights.
def layer_activations(model, x):
    return [layer.get_weights()[0] for layer in model.layers]
