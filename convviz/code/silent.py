"""Calls that have no part in the layers: training, printing, moving to a device."""

from __future__ import annotations

SILENT = {
    "_log_api_usage_once",
    *("print", "super", "summary", "compile", "fit", "evaluate", "predict", "eval", "train", "to"),
    *("cuda", "cpu", "half", "float", "double", "build", "apply", "parameters", "modules"),
    *("manual_seed", "set_seed", "save", "load", "load_state_dict", "load_weights", "save_weights"),
    *("state_dict", "plot_model", "backward", "step", "zero_grad", "init_weights", "initialize_weights"),
    *("_initialize_weights", "_init_weights", "register_buffer", "info", "make_graphviz"),
}
"""By their last name, whatever they are called on."""

ELSEWHERE = {
    *("optim", "init", "utils", "datasets", "transforms", "optimizers", "losses", "metrics"),
    *("callbacks", "random", "device"),
}
"""Parts of the frameworks that have no layers."""
