package ernie4j.cli.train;

import picocli.CommandLine.Command;

@Command(
    name = "train",
    description = "Fine-tune a model.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "TASK",
    subcommands = {
      TrainSluCommand.class,
      TrainClassifyCommand.class,
      TrainTagCommand.class,
      TrainQaCommand.class,
      TrainChoiceCommand.class,
      TrainMlmCommand.class,
      TrainMultitaskCommand.class
    })
public final class TrainCommand {}
