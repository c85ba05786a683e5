"""Many numbers a point laid out in two or three: PCA here, UMAP and t-SNE in a process of their own.

The last two take seconds and would hold up whoever else asks this process something; and what they import is large.
`python -m engine.reduction` reads a task from standard input and writes the places to standard output.
May import: `engine.core`; scikit-learn and umap-learn (neither has types) inside functions.
"""

from __future__ import annotations

import io
import subprocess
import sys
import warnings
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np

from engine.core.errors import SearchError
from engine.core.types import FloatArray

SEED = 20_261_120
"""All maps begin with it: the same vectors make the same map."""

LEAST = 5
"""Points under which neighbours mean nothing: UMAP and t-SNE refuse them."""

NEIGHBOURS = 15
"""Neighbours that UMAP keeps beside a point."""

PERPLEXITY = 30.0
"""About the number of neighbours that t-SNE keeps beside a point."""

LONGEST_S = 900.0
"""How long a map may take, seconds."""


def principal(vectors: FloatArray, dimensions: int) -> tuple[FloatArray, tuple[float, ...]]:
    """The directions in which vectors differ most.

    Args:
        vectors: (N, D) float32.
        dimensions: how many.

    Returns:
        (N, dimensions) float32, and the share of the variance that each shows. The largest entry of each direction is
        positive, so that a map does not turn round between two runs.

    Source: Pearson 1901, by singular values.
    """
    n, columns = vectors.shape
    places = np.zeros((n, dimensions), np.float32)
    if n < 2:
        return places, (0.0,) * dimensions
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    kept = min(dimensions, n, columns)
    left, lengths, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(right[np.arange(kept), np.abs(right[:kept]).argmax(axis=1)])
    places[:, :kept] = left[:, :kept] * lengths[:kept] * np.where(signs == 0, 1.0, signs)
    total = float((lengths**2).sum())
    shares = [float(length**2 / total) if total > 0 else 0.0 for length in lengths[:kept]]
    return places, (*shares, *(0.0,) * (dimensions - kept))


def neighbourly(vectors: FloatArray, dimensions: int, method: str) -> FloatArray:
    """UMAP or t-SNE, in a process of its own.

    Args:
        vectors: (N, D) float32, N >= `LEAST`.
        dimensions: 2 or 3.
        method: "umap" or "tsne".

    Returns:
        (N, dimensions) float32.

    Raises:
        SearchError: the process failed or took too long.
    """
    task = io.BytesIO()
    np.savez(task, vectors=vectors, dimensions=np.array(dimensions), method=np.array(method))
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "engine.reduction"],
            input=task.getvalue(),
            capture_output=True,
            timeout=LONGEST_S,
            check=True,
        )
        places: FloatArray = np.load(io.BytesIO(answer.stdout), allow_pickle=False).astype(np.float32)
    except subprocess.TimeoutExpired as error:
        raise SearchError("This map took too long. Choose fewer points, or PCA.", detail=str(error)) from error
    except (subprocess.CalledProcessError, OSError, ValueError) as error:
        told = error.stderr.decode(errors="replace")[-2000:] if isinstance(error, subprocess.CalledProcessError) else ""
        raise SearchError("This map could not be made. Choose PCA.", detail=f"{error!r} {told}") from error
    return places


def reduced(vectors: FloatArray, dimensions: int, method: str) -> FloatArray:
    """What the process of its own does.

    Source: McInnes, Healy and Melville 2018 (UMAP, umap-learn), van der Maaten and Hinton 2008 (t-SNE, scikit-learn);
    both by cosine.
    """
    n = len(vectors)
    if method == "umap":
        umap: Any = import_module("umap")
        # Eigenvectors need more points than dimensions and to spare.
        begin = "spectral" if n > 4 * NEIGHBOURS else "random"
        model = umap.UMAP(
            n_components=dimensions,
            n_neighbors=min(NEIGHBOURS, n - 1),
            min_dist=0.1,
            metric="cosine",
            init=begin,
            random_state=SEED,
            n_jobs=1,
        )
        return np.asarray(model.fit_transform(vectors), np.float32)
    manifold: Any = import_module("sklearn.manifold")
    begin = "pca" if n > dimensions else "random"
    tsne = manifold.TSNE(
        n_components=dimensions,
        perplexity=min(PERPLEXITY, (n - 1) / 3.0),
        metric="cosine",
        init=begin,
        random_state=SEED,
        n_jobs=1,
    )
    return np.asarray(tsne.fit_transform(vectors), np.float32)


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Do one task."""
    warnings.simplefilter("ignore")
    task = np.load(io.BytesIO(source.read()), allow_pickle=False)
    places = reduced(task["vectors"], int(task["dimensions"]), str(task["method"]))
    answer = io.BytesIO()
    np.save(answer, places)
    target.write(answer.getvalue())


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
