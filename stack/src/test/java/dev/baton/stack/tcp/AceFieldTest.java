package dev.baton.stack.tcp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AceFieldTest
{
    private static final int MSS = 1000;
    private static final int NO_OPTION = -1;

    @Test
    void shouldTellEveryEcnFieldAndTakeItBack()
    {
        for (int ecn = 0; ecn < 4; ecn++)
        {
            assertEquals(ecn, AceField.told(AceField.tell(ecn)));
        }
        for (final int unused : new int[]{0, 1, 5, 7})
        {
            assertEquals(AceField.UNCHANGED, AceField.told(unused));
        }
    }

    @Test
    void shouldBeginAtFive()
    {
        assertEquals(5, AceField.count(0));
        assertEquals(7, AceField.count(2));
        assertEquals(0, AceField.count(3));
    }

    @ParameterizedTest
    @CsvSource(
    {
        // true marks before, marks that the ACK adds, segments that it delivers
        "0, 0, 1", "0, 1, 1", "0, 2, 2", "3, 0, 2", "3, 7, 7", "6, 2, 2", "7, 3, 4", "1000, 5, 6", "-1, 4, 7",
    })
    void shouldCountMarksOfShortAckExactly(final int known, final int added, final int segments)
    {
        assertEquals(added, AceField.marks(AceField.count(known + added), known, segments, NO_OPTION, MSS));
    }

    @ParameterizedTest
    @CsvSource(
    {
        // marks added, segments delivered, what must be assumed without the option
        "0, 8, 0", "1, 8, 1", "0, 30, 0", "3, 10, 3", "2, 10, 10", "4, 30, 28", "7, 30, 23",
    })
    void shouldAssumeTheMostThatIsPossibleWhenTheFieldMayHaveWrapped(
        final int added, final int segments, final int assumed)
    {
        assertEquals(assumed, AceField.marks(AceField.count(added), 0, segments, NO_OPTION, MSS));
    }

    @ParameterizedTest
    @CsvSource(
    {
        // marks added, segments delivered, bytes with CE that the option adds
        "0, 10, 0", "0, 30, 0", "8, 30, 8000", "3, 30, 3000", "11, 30, 11000", "11, 30, 10200", "27, 30, 27000",
        "1, 8, 300", "9, 30, 8100",
    })
    void shouldResolveWrapsWithTheOption(final int added, final int segments, final int ceBytes)
    {
        assertEquals(added, AceField.marks(AceField.count(added), 0, segments, ceBytes, MSS));
    }

    @Test
    void shouldNotBelieveMoreMarksThanSegments()
    {
        assertEquals(10, AceField.marks(AceField.count(2), 0, 10, 5_000_000, MSS));
    }
}
