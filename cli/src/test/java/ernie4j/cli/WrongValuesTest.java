package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Wrong values end with exit code 2 before a file is read: no file here exists. */
class WrongValuesTest {
  private static final String SOME_MODEL = " --model none.ernie ";
  private static final String TRAINED = SOME_MODEL + "--output-dir OUT --data none.txt ";

  /** What each command needs, and nothing else. */
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("train slu", TRAINED),
          Map.entry("train classify", TRAINED),
          Map.entry("train multi-label", TRAINED),
          Map.entry("train score", TRAINED),
          Map.entry("train tag", TRAINED),
          Map.entry("train qa", TRAINED),
          Map.entry("train choice", TRAINED),
          Map.entry("train extract", TRAINED),
          Map.entry("train mlm", SOME_MODEL + "--output-dir OUT --text none.txt "),
          Map.entry("train multitask", SOME_MODEL + "--output-dir OUT --tag names=none.txt "),
          Map.entry("evaluate slu", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate classify", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate multi-label", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate score", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate tag", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate qa", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate choice", SOME_MODEL + "--data none.txt "),
          Map.entry("evaluate extract", SOME_MODEL + "--data none.txt "),
          Map.entry("predict", SOME_MODEL + "--data none.txt --output OUT "),
          Map.entry("distill", " --teacher none.ernie --output-dir OUT --text none.txt "),
          Map.entry("compress", TRAINED),
          Map.entry("convert-annotations", " --data none.txt --output-dir OUT "),
          Map.entry("calibrate", SOME_MODEL + "--data none.txt --output OUT "),
          Map.entry("split-dialogues", " --data none.txt --output-dir OUT "),
          Map.entry("prune-embeddings", SOME_MODEL + "--text none.txt --output OUT "),
          Map.entry("export", SOME_MODEL + "--format onnx --output-dir OUT "),
          Map.entry(
              "reproduce slu",
              " --teacher none.ernie --data none --output-dir OUT --text none.txt "),
          Map.entry(
              "reproduce distillation",
              " --teacher none.ernie --data none --output-dir OUT --text none.txt "),
          Map.entry("parse", SOME_MODEL),
          Map.entry("classify", SOME_MODEL),
          Map.entry("multi-label", SOME_MODEL),
          Map.entry("score", SOME_MODEL),
          Map.entry("tag", SOME_MODEL),
          Map.entry("extract", SOME_MODEL + "--schema 人名 "),
          Map.entry("answer", SOME_MODEL + "--context-file none.txt "),
          Map.entry("fill-mask", SOME_MODEL),
          Map.entry("embed", SOME_MODEL),
          Map.entry("tokenize", SOME_MODEL),
          Map.entry("serve", SOME_MODEL),
          Map.entry("pull", " none "),
          Map.entry("convert", " none OUT "));

  @TempDir Path folder;

  /** Runs a command with what it needs and with more, and returns the first line of the error. */
  private String refused(String command, String more) {
    Path output = folder.resolve("out");
    String words =
        command + NEEDED.getOrDefault(command, "").replace("OUT", output.toString()) + more;
    CommandLineRun run = CommandLineRun.of((Object[]) words.trim().split(" +", -1));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("no such file");
    assertThat(run.out()).isEmpty();
    assertThat(output).doesNotExist();
    return run.err().lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train slu | --epochs | 0",
        "train slu | --epochs | 1.5",
        "train slu | --epochs | many",
        "train slu | --epochs | 9999999999",
        "train slu | --batch-size | 0",
        "train slu | --learning-rate | -1",
        "train slu | --learning-rate | 0",
        "train slu | --learning-rate | NaN",
        "train slu | --learning-rate | Infinity",
        "train slu | --dropout | 1.5",
        "train slu | --dropout | 1",
        "train slu | --dropout | -0.1",
        "train slu | --dev-share | 0",
        "train slu | --dev-share | 1",
        "train slu | --split-seed | x",
        "train slu | --threads | 0",
        "train slu | --max-length | 2",
        "train slu | --vocabulary-size | 4",
        "train slu | --eval-steps | 0",
        "train slu | --warmup-ratio | 1.1",
        "train slu | --weight-decay | -0.1",
        "train slu | --max-grad-norm | 0",
        "train slu | --max-steps | 0",
        "train slu | --gradient-accumulation-steps | 0",
        "train slu | --max-batch-tokens | -1",
        "train slu | --early-stopping-patience | -1",
        "train slu | --save-total-limit | 0",
        "train slu | --lr-scheduler | square",
        "train slu | --seed | 1.5",
        "train slu | --teacher-weight | 0",
        "train slu | --teacher-temperature | 0",
        "train slu | --architecture | huge",
        "train slu | --architecture | 2L10H3A",
        "calibrate | --coverage | 0",
        "calibrate | --min-confidence | 1.1",
        "calibrate | --dev-share | 0",
        "train slu | --r-drop | -1",
        "split-dialogues | --dev-share | 0",
        "split-dialogues | --test-share | 1",
        "train classify | --epochs | 0",
        "train classify | --learning-rate | 0",
        "train classify | --max-length | 2",
        "train classify | --dev-share | 0",
        "train classify | --threads | 0",
        "train multi-label | --threshold | 1.5",
        "train multi-label | --threshold | NaN",
        "train score | --loss | absolute",
        "train tag | --batch-size | -3",
        "train tag | --vocabulary-size | 4",
        "train qa | --teacher-weight | 0",
        "train qa | --stride | 0",
        "train choice | --dev-share | 1",
        "train mlm | --held-out | 0",
        "train multitask | --sampling-exponent | -1",
        "train multitask | --sampling-exponent | 1.01",
        "train multitask | --dev-share | 1",
        "train multitask | --stride | 0",
        "evaluate slu | --dev-share | 0",
        "evaluate slu | --dev-share | 1.1",
        "evaluate slu | --threads | 0",
        "evaluate classify | --threads | -1",
        "evaluate tag | --dev-share | 0",
        "evaluate qa | --stride | 0",
        "predict | --stride | 0",
        "predict | --threads | 0",
        "distill | --student | huge",
        "distill | --student | nano,huge",
        "distill | --assistant | huge",
        "distill | --layers | 0",
        "distill | --hidden | 0",
        "distill | --heads | 0",
        "distill | --intermediate | 0",
        "distill | --epochs | 0",
        "distill | --max-steps | 0",
        "distill | --batch-size | 0",
        "distill | --max-length | 2",
        "distill | --learning-rate | 0",
        "distill | --warmup-ratio | -0.1",
        "distill | --weight-decay | -1",
        "distill | --beta2 | 1",
        "distill | --relation-heads | 0",
        "distill | --head-relations | 1.1",
        "distill | --sample-relations | -0.1",
        "distill | --hidden-weight | -1",
        "distill | --dropout | 1",
        "distill | --held-out | 0",
        "distill | --eval-steps | 0",
        "distill | --threads | 0",
        "compress | --strategy | magic",
        "compress | --strategy | qat+ptq",
        "compress | --vocabulary-size | 0",
        "compress | --max-length | 2",
        "compress | --importance-examples | 0",
        "compress | --widths | 1.5",
        "compress | --widths | 0",
        "compress | --widths | 0.5,2",
        "compress | --epochs | 0",
        "compress | --qat-epochs | 0",
        "compress | --qat-teacher-weight | -1",
        "compress | --learning-rate | 0",
        "compress | --pact | 0",
        "compress | --calibration | GUESS",
        "compress | --calibration-batches | 0",
        "compress | --calibration-batch-size | 0",
        "compress | --embeddings | SQUARE",
        "compress | --latency-seconds | -1",
        "compress | --max-metric-loss | NaN",
        "compress | --dev-share | 1",
        "compress | --threads | 0",
        "prune-embeddings | --vocabulary-size | 4",
        "prune-embeddings | --max-length | 2",
        "classify | --max-length | 3",
        "classify | --long-text | fold",
        "classify | --long-text | window",
        "multi-label | --threshold | 2",
        "multi-label | --long-text | window",
        "score | --long-text | window",
        "score | --max-length | 2",
        "fill-mask | --long-text | window",
        "fill-mask | --top | 0",
        "tag | --stride | 0",
        "answer | --stride | 0",
        "answer | --best | 0",
        "answer | --max-answer-length | 0",
        "answer | --no-answer | NaN",
        "embed | --pooling | sum",
        "embed | --as | question",
        "embed | --max-length | 3",
        "pull | --mirror | there",
        "serve | --port | 65536",
        "serve | --port | -1",
        "serve | --port | http",
        "serve | --max-body | 0",
        "serve | --max-texts | 0",
        "serve | --max-tokens | 0",
        "serve | --max-waiting | 0",
        "serve | --batch-size | 0",
        "serve | --batch-wait | -1",
        "serve | --batch-wait | 1000001",
        "serve | --warm-up | -1",
        "serve | --stop-timeout | -1",
        "serve | --long-text | fold",
        "reproduce slu | --student | huge",
        "reproduce slu | --seeds | 1,x",
        "reproduce slu | --seeds | 1,1",
        "reproduce slu | --distill-steps | 0",
        "reproduce slu | --held-out | 0",
        "reproduce slu | --threads | 0",
        "reproduce slu | --fine-tuning-epochs | 0",
        "reproduce slu | --fine-tuning-rate | 0",
        "reproduce slu | --teacher-epochs | 0",
        "reproduce slu | --teacher-rate | 0",
        "reproduce slu | --widths | 1.5",
        "reproduce slu | --widths | 0.5,0.5",
        "reproduce slu | --pruning-epochs | 0",
        "reproduce slu | --qat-epochs | 0",
        "reproduce slu | --vocabulary-size | 4",
        "reproduce slu | --latency-seconds | -1",
        "reproduce slu | --settle-seconds | -1",
        "reproduce distillation | --student | nano,nano",
        "reproduce distillation | --vocabulary-size | 4",
        "reproduce distillation | --teacher-steps | 0",
        "reproduce distillation | --task-steps | 0",
        "reproduce distillation | --few-shot-steps | 0",
        "reproduce distillation | --learning-rate | 0",
        "reproduce distillation | --teacher-rate | -1",
        "reproduce distillation | --sampling-exponent | 2",
        "reproduce distillation | --task | msra-ner,names",
        "reproduce distillation | --task | eprstmt",
        "reproduce distillation | --seeds | 1,1",
      })
  void refusesAValueWithTheNameOfItsOption(String command, String option, String value) {
    assertThat(refused(command, option + " " + value)).contains(option);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train slu | --intent-labels none.txt | --slot-labels",
        "train slu | --slot-labels none.txt | --intent-labels",
        "train slu | --resume | leave out --resume",
        "train mlm | --resume | leave out --resume",
        "train slu | --extend | --extend needs --resume",
        "train classify | --text-pair-column 2 | --text-column",
        "evaluate classify | --label-column 2 | --text-column",
        "predict | --header | --text-column",
        "train multitask | --qa names=none.txt | got names twice",
        "train multitask | --qa model=none.txt | other than 'model', got 'model'",
        "train multitask | --max-batch-tokens 9 | --max-batch-tokens does not work",
        "distill | '' | needs a shape",
        "distill | --layers 2 --heads 2 | needs a shape",
        "distill | --student nano --layers 2 | --student already gives the shape",
        "distill | --student nano,nano | --student: expected every value once, got nano twice",
        "distill | --layers 2 --hidden 10 --heads 3 | --heads: expected a divisor",
        "distill | --student nano --head-relations 0.6 --sample-relations 0.6 | at most 1 together",
        "distill | --student nano --resume | leave out --resume",
        "compress | --resume | leave out --resume",
        "compress | --widths 0.5,0.5 | --widths: expected every value once, got 0.5 twice",
        "answer | --context x | mutually exclusive",
        "pull | --offline --force | leave one out",
      })
  void refusesOptionsThatDoNotFitTogether(String command, String more, String message) {
    assertThat(refused(command, more)).contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parse",
        "classify",
        "multi-label",
        "score",
        "tag",
        "answer",
        "fill-mask",
        "embed",
        "tokenize"
      })
  void textsComeFromOneSource(String command) {
    assertThat(refused(command, "--input none.txt text")).contains("--input", "not from both");
  }

  /** Before hours of work and before anything is read: neither model nor data exist here. */
  @Test
  void checksFirstWhetherOutputCanBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("a-file"), "");
    List<String> seen = new ArrayList<>();
    for (CommandSpec command : Commands.all()) {
      String name = String.join(" ", Commands.words(command));
      String needed = NEEDED.getOrDefault(name, "");
      if (needed.contains("OUT")) {
        String shape = name.equals("distill") ? " --student nano " : "";
        String words = name + needed.replace("OUT", file.resolve("x").toString()) + shape;
        CommandLineRun run = CommandLineRun.of((Object[]) words.trim().split(" +", -1));
        assertThat(run.code()).as(words).isEqualTo(1);
        assertThat(run.err()).as(words).startsWith("ernie4j: " + file.resolve("x") + ": cannot ");
        seen.add(name);
      }
      boolean writes =
          command.findOption("--output") != null || command.findOption("--output-dir") != null;
      assertThat(writes && !needed.contains("OUT")).as("%s is not tested", name).isFalse();
    }
    assertThat(seen).hasSize(21);
    assertThat(CommandLineRun.of("pull", "bge-small-zh", "--offline", "--cache", file).err())
        .startsWith("ernie4j: " + file + ": expected a folder to write to, this is a file");
  }

  @Test
  void everyNumberHasARange() {
    Set<String> anyWholeNumber = Set.of("--seed", "--split-seed", "--seeds");
    for (CommandSpec command : Commands.all()) {
      for (OptionSpec option : command.options()) {
        boolean number = Arrays.stream(option.auxiliaryTypes()).anyMatch(WrongValuesTest::isNumber);
        if (number && !anyWholeNumber.contains(option.longestName())) {
          assertThat(option.converters())
              .as("%s %s", command.qualifiedName(), option.longestName())
              .isNotEmpty();
        }
      }
    }
  }

  private static boolean isNumber(Class<?> type) {
    return Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class);
  }

  @Test
  void everyModelIsAFileOrAName() {
    List<String> seen = new ArrayList<>();
    for (CommandSpec command : Commands.all()) {
      for (String name : List.of("--model", "--teacher", "--distilled")) {
        OptionSpec option = command.findOption(name);
        if (option != null) {
          assertThat(option.converters()).as(command.qualifiedName()).hasSize(1);
          assertThat(option.paramLabel()).as(command.qualifiedName()).endsWith("MODEL");
          seen.add(command.qualifiedName());
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(20);
  }
}
