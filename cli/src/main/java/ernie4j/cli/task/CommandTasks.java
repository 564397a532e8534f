package ernie4j.cli.task;

import ernie4j.cli.option.ChoiceAnswers;
import ernie4j.cli.option.DocumentStride;
import ernie4j.cli.option.TextColumns;
import ernie4j.cli.option.UsageException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;

/** The table of the tasks that commands train, evaluate, predict and compress. */
public final class CommandTasks {
  private CommandTasks() {}

  /** Options that specify how the files of any task are read. */
  public static final class FileOptions {
    @Mixin TextColumns columns = new TextColumns();
    @Mixin DocumentStride stride = new DocumentStride();
    @Mixin ChoiceAnswers answers = new ChoiceAnswers();

    /** All tasks, with these options for reading. */
    private List<CommandTask<?>> tasks() {
      return List.of(
          new JointTask(),
          new ClassifyTask(columns),
          new MultiLabelTask(columns),
          new ScoreTask(columns),
          new TagTask(),
          new QuestionAnsweringTask(stride),
          new MultipleChoiceTask(answers),
          new ExtractTask());
    }

    /**
     * The task of a model.
     *
     * @throws UsageException if no command supports it
     */
    public CommandTask<?> of(String task) {
      List<CommandTask<?>> all = tasks();
      return find(all, task)
          .orElseThrow(
              () ->
                  new UsageException(
                      "expected a model for one of %s, got one for %s"
                          .formatted(
                              all.stream()
                                  .map(t -> t.task().id())
                                  .collect(Collectors.joining(", ")),
                              task)));
    }

    private static Optional<CommandTask<?>> find(List<CommandTask<?>> all, String task) {
      return all.stream().filter(t -> t.task().id().equals(task)).findFirst();
    }
  }

  /** All tasks, each with options of its own. */
  public static List<CommandTask<?>> all() {
    return new FileOptions().tasks();
  }
}
