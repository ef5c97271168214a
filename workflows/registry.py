"""Record kinds by machine name. Domain apps announce themselves at ``ready()``; the kernel imports none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.tables import Machine

if TYPE_CHECKING:
    from viewflow.workflow.flow import Flow

    from workflows.models.record import Record

_models: dict[str, type[Record]] = {}


def register(model: type[Record]) -> None:
    """Announce a governed model under its machine's name; registering the same model twice is harmless."""
    known = _models.setdefault(model.machine.name, model)
    if known is not model:
        raise ValueError(f"machine {model.machine.name!r} already belongs to {known.__name__}")


def machines() -> tuple[Machine, ...]:
    """All machines, in the order in which the apps announced them."""
    return tuple(model.machine for model in _models.values())


def models() -> tuple[type[Record], ...]:
    """All governed models, in the order in which the apps announced them."""
    return tuple(_models.values())


def machine(name: str) -> Machine:
    """Return a machine by name; ``KeyError`` if unknown."""
    return _models[name].machine


def model_of(name: str) -> type[Record]:
    """Return the governed model of a machine; ``KeyError`` if unknown."""
    return _models[name]


_flows: dict[str, type[Flow]] = {}


def register_flow(machine_name: str, flow_class: type[Flow]) -> None:
    """Name the flow that runs beside a machine's records."""
    _flows[machine_name] = flow_class


def flow_of(machine_name: str) -> type[Flow] | None:
    """The flow of a machine, or None: most records need none."""
    return _flows.get(machine_name)


def flows() -> tuple[type[Flow], ...]:
    """All flows."""
    return tuple(_flows.values())
