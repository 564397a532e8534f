package ernie4j.cli.train;

import picocli.CommandLine.Command;

@Command(
    name = "evaluate",
    description = "Measure how good a model is.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "TASK",
    subcommands = {
      EvaluateSluCommand.class,
      EvaluateClassifyCommand.class,
      EvaluateTagCommand.class,
      EvaluateQaCommand.class,
      EvaluateChoiceCommand.class
    })
public final class EvaluateCommand {}
