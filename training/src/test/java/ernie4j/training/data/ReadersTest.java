package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.training.data.TableFile.Columns;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every format, and errors about files that are not in it. */
class ReadersTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private List<TextExample> texts(String name, String content) throws IOException {
    return TextFiles.read(file(name, content), null);
  }

  static void assertRefused(ThrowingCallable reading, String... words) {
    assertThatThrownBy(reading).isInstanceOf(IOException.class).hasMessageContainingAll(words);
  }

  @Test
  void jsonLinesInOurFormatAndInThatOfClue() throws IOException {
    assertThat(
            texts(
                "a.jsonl",
                """
                {"text": "好", "label": "正"}

                {"text": "一", "text_pair": "二", "label": 1}
                {"text": "开放"}
                """))
        .containsExactly(
            new TextExample("好", null, "正"),
            new TextExample("一", "二", "1"),
            new TextExample("开放", null, null));
    assertThat(texts("l.json", "[{\"id\": 0, \"text\": \"好\", \"label\": [\"正\"], \"_by\": 1}]"))
        .containsExactly(TextExample.of("好", "正"));
    assertThat(texts("b.json", "{\"sentence\": \"好\", \"label\": 102, \"label_desc\": \"x\"}"))
        .containsExactly(TextExample.of("好", "102"));
    assertThat(
            texts(
                "c.json",
                """
                {"sentence1": "一", "sentence2": "二", "label": "neutral"}
                {"sentence1": "一", "sentence2": "二", "label": "-"}
                """))
        .containsExactly(new TextExample("一", "二", "neutral"));
    assertThat(texts("d.json", "{\"content\": \"好\", \"label\": \"作物学\"}"))
        .containsExactly(TextExample.of("好", "作物学"));
    assertThat(texts("e.json", "{\"abst\": \"文\", \"keyword\": [\"甲\", \"乙\"], \"label\": \"1\"}"))
        .containsExactly(new TextExample("甲 乙", "文", "1"));
  }

  @Test
  void winogradSpansAreMarkedWhicheverComesFirst() throws IOException {
    String line =
        "{\"target\": {\"span1_text\": \"%s\", \"span1_index\": %d, \"span2_text\": \"%s\", \"span2_index\": %d}, \"label\": \"true\", \"text\": \"%s\"}";
    assertThat(texts("a.json", line.formatted("树叶", 1, "他", 4, "一树叶飘他走")).get(0).text())
        .isEqualTo("一_树叶_飘[他]走");
    assertThat(texts("b.json", line.formatted("树叶", 2, "他", 0, "他看树叶")).get(0).text())
        .isEqualTo("[他]看_树叶_");
    // Offsets count code points.
    assertThat(texts("c.json", line.formatted("树叶", 2, "他", 1, "😀他树叶")).get(0).text())
        .isEqualTo("😀[他]_树叶_");
    assertRefused(
        () -> texts("d.json", line.formatted("树叶", 2, "他", 0, "他看树木")),
        "d.json",
        "line 1",
        "'树叶' at character 2");
  }

  @Test
  void tables() throws IOException {
    assertThat(texts("a.tsv", "label\ttext_a\n1\t好\"的\n0\t坏\r\n"))
        .containsExactly(TextExample.of("好\"的", "1"), TextExample.of("坏", "0"));
    assertThat(texts("b.csv", "\uFEFFcat,label,review\n书,1,\"好,\n\"\"很\"\"好\"\n书,0,\n"))
        .containsExactly(TextExample.of("好,\n\"很\"好", "1"), TextExample.of("", "0"));
    Path pairs = file("c.txt", "一\t二\t0\n三\t四\t1\n");
    assertThat(TextFiles.read(pairs, new Columns("1", "2", "3", false)))
        .containsExactly(new TextExample("一", "二", "0"), new TextExample("三", "四", "1"));
    Path named = file("d.tsv", "q\tx\n好\t1\n");
    assertThat(TextFiles.read(named, new Columns("q", null, "x", true)))
        .containsExactly(TextExample.of("好", "1"));
    assertThat(TextFiles.read(named, new Columns("2", null, "1", true)))
        .containsExactly(TextExample.of("1", "好"));
  }

  @Test
  void badTextsAreRefusedWithFileLineAndWhatWasExpected() throws IOException {
    assertRefused(
        () -> texts("a.tsv", "label\ttext\n1\t好\n1\t好\tx\n"), "a.tsv", "line 3", "2 columns");
    assertRefused(
        () -> texts("b.tsv", "x\ty\n1\t好\n"),
        "b.tsv",
        "line 1",
        "column names",
        "--text-column 1 --label-column 2");
    assertRefused(
        () -> texts("u.tsv", "text_a\ttext_c\tlabel\n一\t二\t1\n"),
        "line 1",
        "also a column 'text_c'",
        "--text-column text_a --text-pair-column text_c");
    assertRefused(() -> texts("v.csv", "query,title,label\n一,二,1\n"), "also a column 'title'");
    assertRefused(() -> texts("c.tsv", "label\ttext\n \t好\n"), "line 2", "a label in column 1");
    assertRefused(() -> texts("d.csv", "label,text\n1,\"好\n"), "line 2", "closing quote");
    assertRefused(() -> texts("e.tsv", ""), "e.tsv", "at least one row");
    assertRefused(() -> texts("f.jsonl", "{\"text\": \"a\"}\n{\"text\": \n"), "line 2", "JSON");
    assertRefused(() -> texts("g.jsonl", "{\"id\": 1}\n"), "line 1", "a field text");
    String misspelt = "{\"text\": \"a\", \"text_piar\": \"b\", \"label\": \"c\"}\n";
    assertRefused(() -> texts("n.jsonl", misspelt), "line 1", "text_pair", "'text_piar'");
    assertRefused(
        () -> texts("o.jsonl", "{\"text\": \"a\", \"sentence2\": \"b\", \"label\": \"c\"}"),
        "'sentence2'");
    assertRefused(() -> texts("p.jsonl", "{\"text\": \"a\"}{\"text\": \"b\"}"), "line 1", "JSON");
    assertRefused(() -> texts("q.jsonl", "{\"text\": \"a\", \"text\": \"b\"}"), "Duplicate");
    assertRefused(
        () -> texts("r.jsonl", "{\"text\": \"a\", \"label\": [\"b\", \"c\"]}"), "one label");
    assertRefused(() -> texts("h.jsonl", "[1]\n"), "element 1", "a JSON object");
    assertRefused(() -> texts("i.jsonl", "{\"sentence1\": \"a\"}\n"), "'sentence2'");
    assertRefused(() -> texts("j.jsonl", "\n"), "at least one example");
    Path bytes = Files.write(folder.resolve("k.tsv"), "好".getBytes(StandardCharsets.UTF_16));
    assertRefused(() -> TextFiles.read(bytes, null), "k.tsv", "UTF-8", "UTF-16");
    Path wide = Files.write(folder.resolve("s.tsv"), "text".getBytes(StandardCharsets.UTF_16LE));
    assertRefused(() -> TextFiles.read(wide, null), "s.tsv", "line 1", "UTF-16");
    byte[] gbk = "label\ttext\n1\t你好\n".getBytes(Charset.forName("GB18030"));
    Path chinese = Files.write(folder.resolve("t.tsv"), gbk);
    assertRefused(() -> TextFiles.read(chinese, null), "t.tsv", "line 2", "GBK");
    assertRefused(() -> JointFile.read(chinese), "t.tsv", "line 2", "GBK");
    Path table = file("l.tsv", "一\t0\n");
    assertRefused(
        () -> TextFiles.read(table, new Columns("1", null, "3", false)), "number from 1 to 2");
    assertRefused(
        () -> TextFiles.read(table, new Columns("text", null, "2", true)), "a column 'text'");
  }

  @Test
  void taggedTexts() throws IOException {
    TaggedExample expected =
        new TaggedExample(
            "去北京New York看A1",
            List.of(new LabelledSpan("LOC", 1, 3), new LabelledSpan("LOC", 3, 11)));
    String columns = "去 O\n北 B-LOC\n京 I-LOC\nNew B-LOC\nYork I-LOC\n看 O\nA O\n1 O\n\n\n好\tO\n";
    assertThat(TagFiles.read(file("a.txt", columns)))
        .containsExactly(expected, new TaggedExample("好", List.of()));
    String paddle =
        "text_a\tlabel\n"
            + String.join("\u0002", "去", "北", "京")
            + "\t"
            + String.join("\u0002", "O", "B-LOC", "I-LOC")
            + "\n";
    assertThat(TagFiles.read(file("b.tsv", paddle)))
        .containsExactly(new TaggedExample("去北京", List.of(new LabelledSpan("LOC", 1, 3))));
    String own =
        "{\"text\": \"😀北京\", \"entities\": [{\"type\": \"LOC\", \"start\": 1, \"end\": 3}]}";
    assertThat(TagFiles.read(file("c.jsonl", own)))
        .containsExactly(new TaggedExample("😀北京", List.of(new LabelledSpan("LOC", 2, 4))));
    // I- after another type or nothing begins a span.
    assertThat(TagFiles.read(file("d.txt", "甲 I-A\n乙 I-B\n丙 B-B\n")).get(0).spans())
        .containsExactly(
            new LabelledSpan("A", 0, 1), new LabelledSpan("B", 1, 2), new LabelledSpan("B", 2, 3));
  }

  @Test
  void badTagsAreRefused() {
    assertRefused(() -> TagFiles.read(file("a.txt", "去 O\n北\n")), "a.txt", "line 2", "its tag");
    assertRefused(() -> TagFiles.read(file("b.txt", "去 X\n")), "line 1", "O, B-x or I-x", "'X'");
    assertRefused(
        () -> TagFiles.read(file("c.txt", "去\u0002北\tO\n")), "line 1", "2 tags", "1 tags");
    assertRefused(() -> TagFiles.read(file("d.txt", "\n\n")), "at least one example");
    String outside =
        "{\"text\": \"北京\", \"entities\": [{\"type\": \"LOC\", \"start\": 1, \"end\": 3}]}";
    assertRefused(() -> TagFiles.read(file("e.jsonl", outside)), "'end' from 0 to 2", "got 3");
    String empty =
        "{\"text\": \"北京\", \"entities\": [{\"type\": \"LOC\", \"start\": 1, \"end\": 1}]}";
    assertRefused(() -> TagFiles.read(file("f.jsonl", empty)), "line 1", "at least one character");
  }

  @Test
  void questions() throws IOException {
    String squad =
        """
        {"version": "1", "data": [{"title": "t", "paragraphs": [{"context": "😀北京是首都，北京很大", "qas": [
          {"id": "Q1", "question": "哪里？", "answers": [{"text": "北京", "answer_start": 7}]},
          {"id": "Q2", "question": "谁？", "answers": [{"text": "上海", "answer_start": 1}, {"text": "首都", "answer_start": 0}]}
        ]}]}]}
        """;
    List<QuestionExample> read = QuestionFiles.read(file("a.json", squad));
    assertThat(read).extracting(QuestionExample::id).containsExactly("Q1", "Q2");
    assertThat(read.get(0).answers()).containsExactly(new QuestionExample.Answer("北京", 8));
    assertThat(read.get(1).answers())
        .containsExactly(new QuestionExample.Answer("上海", -1), new QuestionExample.Answer("首都", 5));
    String own = "{\"question\": \"谁\", \"context\": \"我\", \"answers\": [{\"text\": \"我\"}]}\n";
    assertThat(QuestionFiles.read(file("b.jsonl", own)))
        .containsExactly(
            new QuestionExample("line 1", "谁", "我", List.of(new QuestionExample.Answer("我", 0))));
    assertRefused(
        () -> QuestionFiles.read(file("c.json", "{\"data\": [{\"title\": 1}]}")), "'paragraphs'");
    assertRefused(
        () -> QuestionFiles.read(file("d.json", squad.replace("\"question\": \"谁？\",", ""))),
        "question Q2",
        "'question'");
    assertRefused(() -> QuestionFiles.read(file("e.json", "{\"data\": 3}")), "a list in 'data'");
  }

  @Test
  void questionsInOtherFormats() throws IOException {
    QuestionExample expected =
        new QuestionExample("7", "哪里？", "😀北京是首都", List.of(new QuestionExample.Answer("北京", 2)));
    String rows =
        "{\"id\": 7, \"title\": \"t\", \"context\": \"😀北京是首都\", \"question\": \"哪里？\", \"answers\": {\"text\": [\"北京\"], \"answer_start\": [1]}}";
    String first =
        "{\"context_id\": \"C\", \"context_text\": \"😀北京是首都\", \"title\": \"t\", \"qas\": [{\"query_id\": \"7\", \"query_text\": \"哪里？\", \"answers\": [\"北京\"]}]}";
    assertThat(QuestionFiles.read(file("a.jsonl", rows))).containsExactly(expected);
    assertThat(QuestionFiles.read(file("b.json", "[" + rows + "]"))).containsExactly(expected);
    assertThat(QuestionFiles.read(file("c.json", "[" + first + "]"))).containsExactly(expected);
    for (String start : List.of("-1", "0", "3", "99")) {
      String off = rows.replace("[1]", "[" + start + "]");
      assertThat(QuestionFiles.read(file("d.json", off))).containsExactly(expected);
    }
    assertThat(
            QuestionFiles.read(file("e.json", rows.replace("[1]", "[]").replace("[\"北京\"]", "[]")))
                .get(0)
                .impossible())
        .isTrue();
    assertRefused(
        () -> QuestionFiles.read(file("f.json", rows.replace("[1]", "[1, 2]"))),
        "line 1",
        "1 places",
        "2 places");
    assertRefused(
        () -> QuestionFiles.read(file("g.jsonl", rows.replace("answers", "anwsers"))),
        "line 1",
        "'anwsers'");
  }

  @Test
  void questionsWithoutAnswersAreImpossibleOrUnlabelled() throws IOException {
    String squad =
        """
        {"data": [{"paragraphs": [{"context": "北京是首都", "qas": [
          {"id": "a", "question": "谁？", "is_impossible": false, "answers": [{"text": "北京", "answer_start": 0}]},
          {"id": "b", "question": "谁？", "is_impossible": true, "answers": [], "plausible_answers": [{"text": "北京", "answer_start": 0}]},
          {"id": "c", "question": "谁？", "is_impossible": true},
          {"id": "d", "question": "谁？", "is_impossible": true, "answers": [{"text": "", "answer_start": -1}]},
          {"id": "e", "question": "谁？", "answers": []},
          {"id": "f", "question": "谁？"},
          {"id": "g", "question": "谁？", "answers": null, "is_impossible": false}
        ]}]}]}
        """;
    String context = "北京是首都";
    QuestionExample first =
        new QuestionExample(
            "a", "谁？", context, List.of(new QuestionExample.Answer("北京", 0)), false);
    List<QuestionExample> read = QuestionFiles.read(file("a.json", squad));
    assertThat(read)
        .containsExactly(
            first,
            QuestionExample.impossible("b", "谁？", context),
            QuestionExample.impossible("c", "谁？", context),
            QuestionExample.impossible("d", "谁？", context),
            QuestionExample.impossible("e", "谁？", context),
            QuestionExample.unlabelled("f", "谁？", context),
            new QuestionExample("g", "谁？", context, List.of()));
    assertThat(read.stream().filter(QuestionExample::isLabelled)).hasSize(5);
    String own = "{\"question\": \"谁\", \"context\": \"我\", \"answers\": []}";
    assertThat(QuestionFiles.read(file("b.jsonl", own)).get(0).impossible()).isTrue();
    assertRefused(
        () ->
            QuestionFiles.read(
                file("c.json", squad.replace("_impossible\": false", "_impossible\": true"))),
        "question a",
        "no answers where 'is_impossible' is true",
        "北京");
    assertRefused(
        () -> QuestionFiles.read(file("d.json", squad.replace("true}", "\"yes\"}"))),
        "question c",
        "true or false in 'is_impossible'",
        "\"yes\"");
    assertThatThrownBy(() -> new QuestionExample("a", "谁？", context, first.answers(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("question a");
  }

  @Test
  void choices() throws IOException {
    String own =
        """
        {"context": "我饿", "question": "做什么", "choices": ["吃", "睡"], "answer": 0}
        {"context": "我困", "choices": ["吃", "睡"], "answer": "睡"}
        {"context": "我", "choices": ["吃", "睡"]}
        """;
    assertThat(ChoiceFiles.read(file("a.jsonl", own), null))
        .containsExactly(
            new ChoiceExample("我饿", "做什么", List.of("吃", "睡"), 0),
            new ChoiceExample("我困", "", List.of("吃", "睡"), 1),
            new ChoiceExample("我", "", List.of("吃", "睡"), -1));
    String c3 =
        "[[[\"男：饿\", \"女：吃\"], [{\"question\": \"谁饿\", \"choice\": [\"男\", \"女\"], \"answer\": \"男\"}], \"1\"]]";
    assertThat(ChoiceFiles.read(file("b.json", c3), null))
        .containsExactly(new ChoiceExample("男：饿\n女：吃", "谁饿", List.of("男", "女"), 0));
    String few =
        "{\"id\": 1, \"candidates\": [\"甲\", \"乙\"], \"content\": \"他#idiom#走\", \"answer\": 1}";
    assertThat(ChoiceFiles.read(file("c.json", few), null))
        .containsExactly(new ChoiceExample("他____走", "", List.of("甲", "乙"), 1));
    String chid = "{\"content\": [\"一#idiom1#二#idiom2#\"], \"candidates\": [\"甲\", \"乙\"]}";
    Path answers = file("answers.json", "{\"#idiom1#\": 1, \"#idiom2#\": 0}");
    assertThat(ChoiceFiles.read(file("d.json", chid), answers))
        .containsExactly(
            new ChoiceExample("一____二……", "", List.of("甲", "乙"), 1),
            new ChoiceExample("一……二____", "", List.of("甲", "乙"), 0));
    assertRefused(
        () -> ChoiceFiles.read(file("e.jsonl", own.replace("\"睡\"}", "\"跑\"}")), null),
        "line 2",
        "one of [吃, 睡]");
    assertRefused(
        () ->
            ChoiceFiles.read(file("g.jsonl", own.replace("\"answer\": 0", "\"anwser\": 0")), null),
        "line 1",
        "'anwser'");
    assertThat(ChoiceFiles.read(file("h.json", "[" + own.strip().replace("\n", ",") + "]"), null))
        .isEqualTo(ChoiceFiles.read(file("a.jsonl", own), null));
    assertRefused(
        () -> ChoiceFiles.read(file("f.jsonl", "{\"context\": \"我\", \"choices\": [\"吃\"]}"), null),
        "line 1",
        "two choices");
  }

  @Test
  void labelsKeepTheOrderOfTheirFirstAppearance() throws IOException {
    List<TextExample> examples =
        List.of(TextExample.of("x", "b"), TextExample.of("y", "a"), TextExample.of("z", "b"));
    assertThat(Labels.ofTexts(examples).names()).containsExactly("b", "a");
    List<TaggedExample> tagged =
        List.of(
            new TaggedExample(
                "xyz", List.of(new LabelledSpan("P", 0, 1), new LabelledSpan("L", 1, 2))));
    assertThat(Labels.ofSpans(tagged).names()).containsExactly("O", "B-P", "I-P", "B-L", "I-L");
    assertThat(Labels.read(file("labels.txt", "b\n\n a \n")).names()).containsExactly("b", "a");
    assertThatThrownBy(() -> new Labels(List.of("a")).index("c"))
        .hasMessageContaining("label 'c' is unknown; the model has [a]");
    assertRefused(() -> Labels.read(file("twice.txt", "a\na\n")), "twice.txt", "none twice");
  }

  @Test
  void splitsAreDeterministicAndKeepEveryExample() {
    List<Integer> all = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    Split<Integer> split = Split.of(all, 0.3, 7);
    assertThat(split).isEqualTo(Split.of(all, 0.3, 7));
    assertThat(split.dev()).hasSize(3).doesNotContainAnyElementsOf(split.train());
    assertThat(split.train()).hasSize(7);
    assertThatThrownBy(() -> Split.of(List.of(1), 0.5, 1)).hasMessageContaining("at least 2");
    assertThat(split.unlabelled()).isEmpty();
    assertThat(split.withUnlabelled(List.of(11, 12)))
        .isEqualTo(new Split<>(split.train(), split.dev(), List.of(11, 12)));
    assertThat(new Split<>(split.train(), split.dev())).isEqualTo(split);
  }
}
