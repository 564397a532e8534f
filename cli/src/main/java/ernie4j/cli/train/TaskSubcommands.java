package ernie4j.cli.train;

import ernie4j.cli.task.CommandTask;
import ernie4j.cli.task.CommandTasks;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Adds a subcommand to a command for every row in the table of tasks. */
final class TaskSubcommands {
  private TaskSubcommands() {}

  /** The subcommands of {@code train}. */
  static final class OfTrain implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec train) {
      for (CommandTask<?> task : CommandTasks.all()) {
        CommandSpec spec = add(train, task, new TrainTaskCommand<>(task), task.training());
        addGroups(spec, task.trainingOptions());
        Map<String, String> defaults = task.defaults();
        spec.defaultValueProvider(
            argument ->
                argument instanceof OptionSpec option ? defaults.get(option.longestName()) : null);
      }
      return train;
    }
  }

  /** The subcommands of {@code evaluate}. */
  static final class OfEvaluate implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec evaluate) {
      for (CommandTask<?> task : CommandTasks.all()) {
        add(evaluate, task, new EvaluateTaskCommand<>(task), task.evaluation());
      }
      return evaluate;
    }
  }

  private static CommandSpec add(
      CommandSpec parent, CommandTask<?> task, Object command, String description) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command).name(task.name());
    spec.usageMessage().description(description);
    addGroups(spec, task.dataOptions());
    parent.addSubcommand(task.name(), new CommandLine(spec));
    return spec;
  }

  private static void addGroups(CommandSpec spec, List<Object> groups) {
    groups.forEach(
        group -> spec.addMixin(group.getClass().getName(), CommandSpec.forAnnotatedObject(group)));
  }
}
