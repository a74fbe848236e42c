"""A maze in which the way to go is told at the start and needed at the end."""

from __future__ import annotations

import numpy as np

_SEEN = np.array([[0, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=float)


class TMaze:
    """Walk down a corridor and turn to the side that a sign at its start has shown.

    Data card
    ---------
    What: an environment for agents. An agent starts in cell 0 of a corridor and sees a sign:
    ``0 1 1`` if the goal lies to the north, ``1 1 0`` if to the south. All further cells of the
    corridor look alike, ``1 0 1``, and the junction at its end looks the same for both goals,
    ``0 1 0``. Action 0 goes ahead, 1 north, 2 south. At the junction, the action to the goal is
    rewarded with 4 and the opposite one with -0.1; both end the episode. Whoever stands still
    (turns in the corridor, goes ahead at the junction) gets -0.1, any other step 0. Whoever has no
    memory cannot be right at the junction more often than half of the time on average.
    How made: each episode's goal is drawn at random, north as often as south; many episodes run
    side by side. Size: as asked. Licence: none needed.
    Source: after the T-maze of B. Bakker, "Reinforcement learning with
    long short-term memory", Advances in Neural Information Processing Systems 14 (2002),
    1475-1482; ours is smaller, and has no way back.

    Parameters
    ----------
    length
        Steps from the start to the junction, one or more.
    episodes
        How many episodes run side by side.
    rng
        Where the goals are drawn from.

    Raises
    ------
    ValueError
        If there is no step from the start to the junction, or no episode.
    """

    def __init__(self, length: int, episodes: int, rng: np.random.Generator) -> None:
        if length < 1 or episodes < 1:
            raise ValueError(f"length {length} and {episodes} episodes, expected 1 or more of both")
        self.length = length
        self.south = rng.integers(0, 2, episodes)  # (episodes,): 1 where the goal lies south
        self.cell = np.zeros(episodes, dtype=int)  # (episodes,)
        self.done = np.zeros(episodes, dtype=bool)  # (episodes,)
        self.right = np.zeros(episodes, dtype=bool)  # (episodes,): ended at the goal

    def look(self) -> np.ndarray:
        """Return what each agent sees, of shape ``(episodes, 3)``; zeros after the end."""
        kind = np.where(self.cell == 0, self.south, np.where(self.cell < self.length, 2, 3))
        return _SEEN[kind] * ~self.done[:, None]  # (episodes, 3)

    def act(self, actions: np.ndarray) -> np.ndarray:
        """Take one step with every agent that has not finished.

        Parameters
        ----------
        actions
            0 ahead, 1 north, 2 south, of shape ``(episodes,)``.

        Returns
        -------
        The rewards, of shape ``(episodes,)``; 0 for an episode that was over.
        """
        actions = np.asarray(actions)
        going, at_end = ~self.done, self.cell == self.length
        turns = going & at_end & (actions > 0)
        ahead = going & ~at_end & (actions == 0)
        goal = turns & (actions == 1 + self.south)
        rewards = np.where(goal, 4.0, np.where(going & ~ahead, -0.1, 0.0))  # (episodes,)
        self.cell = self.cell + ahead
        self.right = self.right | goal
        self.done = self.done | turns
        return rewards
