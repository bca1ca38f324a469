"""The demo: invented callers, operators, crews and agencies that play a training place, by the actions people use."""
