"""People in view over time, as a figure.

Owns: that figure. May import: `pages`. No Streamlit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages import _view
from pages._figures import ACCENT

TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
"""Steps of an axis of time, seconds."""


def steps(times: NDArray[np.float64], counts: NDArray[np.int64], duration: float, unit: str) -> dict[str, Any]:
    """People in view as a line of steps.

    Args:
        times: (K,) seconds at which the count changes.
        counts: (K,) people from then on.
        duration: of the footage, seconds.
        unit: title of the counts.
    """
    x = [0.0, *np.round(times, 2).tolist(), round(duration, 2)]
    y = [0, *counts.tolist(), int(counts[-1]) if len(counts) else 0]
    step = next((one for one in TICKS_S if duration / one <= 7), duration)
    ticks = [place * step for place in range(int(duration // step) + 1)]
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"shape": "hv", "width": 1.5, "color": ACCENT},
        "fill": "tozeroy",
        "customdata": [_view.clock(one) for one in x],
        "hovertemplate": "%{customdata}: %{y}<extra></extra>",
    }
    layout = {
        "height": 210,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {
            "tickvals": ticks,
            "ticktext": [_view.clock(one).removesuffix(".0") for one in ticks],
            "range": [0, duration],
        },
        "yaxis": {"title": {"text": unit}, "rangemode": "tozero", "tickformat": "d", "automargin": True},
        "showlegend": False,
    }
    return {"data": [trace], "layout": layout}
