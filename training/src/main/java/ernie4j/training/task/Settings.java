package ernie4j.training.task;

/** The sizes of objectives as text, for checkpoints and provenance. */
final class Settings {
  private Settings() {}

  /** For example {@code 900 examples}, or {@code 900 examples, 5000 without labels}. */
  static String examples(String what, Objective objective) {
    int labelled = objective.examples() - objective.unlabelled();
    return objective.unlabelled() == 0
        ? labelled + " " + what
        : "%d %s, %d without labels".formatted(labelled, what, objective.unlabelled());
  }
}
