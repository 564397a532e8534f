package ernie4j.cli.train;

import picocli.CommandLine.Command;

/** A subcommand for every task, and those that are no task of their own. */
@Command(
    name = "train",
    description = "Fine-tune a model.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "TASK",
    modelTransformer = TaskSubcommands.OfTrain.class,
    subcommands = {TrainMlmCommand.class, TrainMultitaskCommand.class})
public final class TrainCommand {}
