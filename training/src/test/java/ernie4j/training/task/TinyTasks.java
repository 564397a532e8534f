package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.model.RandomParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small encoder over a few characters, and problems of every kind that it can fully learn. */
public final class TinyTasks {
  private static final String CHARACTERS = "甲乙丙丁戊己庚辛壬癸";
  private static final String MARKS = "好坏去是在吗";

  private TinyTasks() {}

  /** Initial weights: two layers of 32 hidden columns. */
  public static Model encoder(int maxPositions) {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    (CHARACTERS + MARKS).codePoints().forEach(c -> tokens.add(Character.toString(c)));
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 32, 2, 4, 64, maxPositions);
    return new Model(
        config,
        "encoder",
        RandomParameters.encoder(config, 5),
        tokens,
        Map.of(),
        TokenizerOptions.ernie().toMap(),
        Map.of("source", "test"));
  }

  public static TaskSetup setup(int maxPositions, float dropout, Parallel parallel) {
    Model encoder = encoder(maxPositions);
    ErnieTokenizer tokenizer =
        new ErnieTokenizer(Vocabulary.of(encoder.vocabulary()), TokenizerOptions.ernie());
    return TaskSetup.of(encoder, tokenizer, maxPositions, parallel).with(dropout, 3);
  }

  /** Batches of 16 with a high learning rate. */
  public static TrainingOptions options(int epochs) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .batchSize(16)
        .learningRate(5e-3)
        .evaluateEvery(20)
        .seed(4)
        .build();
  }

  private static String word(Random random, int longest) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(longest) + 1; i > 0; i--) {
      word.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return word.toString();
  }

  /** Good if it holds 好, bad if 坏, else open. */
  public static Split<TextExample> texts(int count) {
    Random random = new Random(1);
    List<TextExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String mark = List.of("好", "坏", "").get(i % 3);
      String label = List.of("good", "bad", "open").get(i % 3);
      examples.add(TextExample.of(word(random, 4) + mark + word(random, 4), label));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** The first text's mark in question, the second text's mark as answer: yes if both are 好. */
  public static Split<TextExample> pairs(int count) {
    Random random = new Random(1);
    List<TextExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String first = i % 2 == 0 ? "好" : "坏";
      String second = i % 4 < 2 ? "好" : "坏";
      String label = i % 4 == 0 ? "yes" : "no";
      examples.add(new TextExample(word(random, 3) + first, second + word(random, 3), label));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** A place after 去, a person before 在. */
  public static Split<TaggedExample> tags(int count) {
    Random random = new Random(1);
    List<TaggedExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = word(random, 3);
      boolean place = i % 2 == 0;
      String text = place ? "好去" + name + "吗" : "是" + name + "在好";
      int start = place ? 2 : 1;
      examples.add(
          new TaggedExample(
              text,
              List.of(new LabelledSpan(place ? "LOC" : "PER", start, start + name.length()))));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** The name after 去, or before 在; some texts are also asked for the one that they lack. */
  public static Split<ExtractionExample> prompts(int count) {
    Split<TaggedExample> tagged = tags(count);
    return new Split<>(prompts(tagged.train()), prompts(tagged.dev()));
  }

  private static List<ExtractionExample> prompts(List<TaggedExample> tagged) {
    List<ExtractionExample> examples = new ArrayList<>();
    for (TaggedExample text : tagged) {
      LabelledSpan span = text.spans().get(0);
      ExtractionExample.Answer answer = ExtractionExample.Answer.ofText(span.start(), span.end());
      String asked = span.type().equals("LOC") ? "去" : "在";
      examples.add(new ExtractionExample(text.text(), asked, List.of(answer)));
      if (examples.size() % 3 == 2) {
        String absent = asked.equals("去") ? "在" : "去";
        examples.add(new ExtractionExample(text.text(), absent, List.of()));
      }
    }
    return examples;
  }

  /** Labelled good if it holds 好, bad if 坏, far if 去: none to three of them; some are pairs. */
  public static Split<MultiLabelExample> labelled(int count) {
    Random random = new Random(1);
    List<MultiLabelExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> labels = new ArrayList<>();
      StringBuilder text = new StringBuilder();
      for (int mark = 0; mark < 3; mark++) {
        if ((i >> mark) % 2 == 1) {
          labels.add(List.of("good", "bad", "far").get(mark));
          text.append("好坏去".charAt(mark));
        }
      }
      text.append(word(random, 2));
      examples.add(
          new MultiLabelExample(text.toString(), i % 5 == 0 ? word(random, 2) : null, labels));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** 0.9 with 好, 0.1 with 坏, else 0.5; the odd ones are pairs. */
  public static Split<ScoredExample> scores(int count) {
    Random random = new Random(1);
    List<ScoredExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String mark = List.of("好", "坏", "").get(i % 3);
      double score = List.of(0.9, 0.1, 0.5).get(i % 3);
      String pair = i % 2 == 1 ? word(random, 2) : null;
      examples.add(new ScoredExample(word(random, 3) + mark + word(random, 2), pair, score));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** The intent go with a place after 去, praise with 好 at the end, else chat with 在. */
  public static Split<JointExample> utterances(int count) {
    Random random = new Random(1);
    List<JointExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = word(random, 3);
      int end = name.length();
      examples.add(
          switch (i % 3) {
            case 0 ->
                new JointExample(
                    "去" + name + "吗", "go", List.of(new LabelledSpan("place", 1, 1 + end)));
            case 1 ->
                new JointExample(
                    "是" + name + "好", "praise", List.of(new LabelledSpan("who", 1, 1 + end)));
            default -> new JointExample("在" + name, "chat", List.of());
          });
    }
    return Split.of(examples, 0.25, 1);
  }

  /** The answer is 好坏, somewhere in a context of up to {@code longest} characters. */
  public static Split<QuestionExample> questions(int count, int longest) {
    Random random = new Random(1);
    List<QuestionExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String before = word(random, longest / 2);
      String answer = "好坏";
      String context = before + answer + word(random, longest / 2);
      examples.add(
          new QuestionExample(
              "q" + i, "在", context, List.of(new QuestionExample.Answer(answer, before.length()))));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** As {@link #questions}, but every third context lacks 好坏: the question has no answer. */
  public static Split<QuestionExample> openQuestions(int count, int longest) {
    Split<QuestionExample> all = questions(count, longest);
    return new Split<>(withoutSomeAnswers(all.train()), withoutSomeAnswers(all.dev()));
  }

  private static List<QuestionExample> withoutSomeAnswers(List<QuestionExample> examples) {
    List<QuestionExample> some = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      QuestionExample e = examples.get(i);
      some.add(
          i % 3 > 0
              ? e
              : QuestionExample.impossible(e.id(), e.question(), e.context().replace("好坏", "癸")));
    }
    return some;
  }

  /** The choice with 好 is right; two or three choices. */
  public static Split<ChoiceExample> choices(int count) {
    Random random = new Random(1);
    List<ChoiceExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> choices = new ArrayList<>();
      int answer = random.nextInt(2 + i % 2);
      for (int c = 0; c < 2 + i % 2; c++) {
        choices.add(word(random, 2) + (c == answer ? "好" : "坏"));
      }
      examples.add(new ChoiceExample(word(random, 3), i % 3 == 0 ? "" : "在", choices, answer));
    }
    return Split.of(examples, 0.25, 1);
  }

  /** Each text repeats one of four characters, so a masked one follows from the others. */
  public static List<String> repeated(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(CHARACTERS.substring(i % 4, i % 4 + 1).repeat(6 + i % 3));
    }
    return texts;
  }

  static FineTuning classification(TaskSetup setup) {
    Split<TextExample> data = texts(96);
    return new FineTuning(
        setup, new ClassificationObjective(setup, Labels.ofTexts(data.train()), data));
  }
}
