import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import software.amazon.event.ruler.Machine;

/**
 * Reads lines of a pattern, a tab and an event, both JSON text, and writes what AWS's own matcher says of each: `true`, `false`, or
 * `refused` and why, for a pattern that it does not take.
 */
public final class RulerMatches {
    public static void main(String[] arguments) throws Exception {
        List<String> answers = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8)) {
            String[] pair = line.split("\t", 2);
            answers.add(answer(pair[0], pair[1]));
        }
        Files.write(Path.of(arguments[1]), answers, StandardCharsets.UTF_8);
    }

    private static String answer(String pattern, String event) {
        Machine machine = Machine.builder().build();
        try {
            machine.addRule("rule", pattern);
        } catch (Exception refusal) {
            return "refused " + String.valueOf(refusal.getMessage()).replaceAll("\\s+", " ");
        }
        try {
            return String.valueOf(!machine.rulesForJSONEvent(event).isEmpty());
        } catch (Exception fault) {
            return "broke " + String.valueOf(fault.getMessage()).replaceAll("\\s+", " ");
        }
    }
}
