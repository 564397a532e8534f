package ernie4j.cli.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the tags of tokens are chosen. */
final class TagDecoding {
  private final Task task;

  @Option(
      names = "--constrained-tags",
      negatable = true,
      description =
          "Answer only sequences of tags in which no I-x occurs without a B-x before it (default: as --model does if it is for this task, otherwise yes).")
  @Nullable Boolean constrained;

  TagDecoding(Task task) {
    this.task = task;
  }

  /**
   * Returns whether a model answers only allowed sequences of tags.
   *
   * @param start the model that training starts from
   */
  boolean constrainsTags(Model start) {
    if (constrained != null) {
      return constrained;
    }
    return !start.task().equals(task.id())
        || HeadOptions.isOn(start.options(), HeadOptions.CONSTRAINED_TAGS);
  }
}
