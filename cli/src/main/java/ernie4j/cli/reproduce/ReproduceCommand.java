package ernie4j.cli.reproduce;

import picocli.CommandLine.Command;

@Command(
    name = "reproduce",
    description = "Repeat the experiments of the documentation.",
    mixinStandardHelpOptions = true,
    subcommands = {ReproduceSluCommand.class, ReproduceDistillationCommand.class})
public final class ReproduceCommand {}
